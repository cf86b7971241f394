import assert from "node:assert/strict";
import { apiProblem, type Surroundings } from "../../../lab/controlPlane/apiReachability";
import { wantedCertificates } from "../../../lab/controlPlane/certgenStandIn";
import { kubeletConditions, mergeTaints, taintOf } from "../../../lab/controlPlane/nodeObject";
import {
  type Pod,
  refusedCapabilities,
  requiredMounts,
  roleOf,
} from "../../../lab/controlPlane/pod";
import { podStatus, type PodProgress } from "../../../lab/controlPlane/podStatus";
import { rotatesServerCertificates } from "../../../lab/controlPlane/servingCertificate";

/** Pure: rules of the virtual kubelet. Whether a real kubelet words it so was read, not run. */
describe("virtual kubelet rules", () => {
  const pod = (spec: Partial<Pod["spec"]>, labels: Record<string, string> = {}): Pod => ({
    metadata: { name: "p", labels },
    spec: { containers: [{ name: "main", image: "i" }], ...spec },
  });

  const add = (capabilities: string[], privileged = false) =>
    refusedCapabilities({
      name: "c",
      image: "i",
      securityContext: { privileged, capabilities: { add: capabilities } },
    });

  it("refuses the two capabilities that Talos took away, and no other", () => {
    assert.deepEqual(add(["NET_ADMIN", "SYS_MODULE", "CAP_SYS_BOOT", "SYS_ADMIN"]), [
      "SYS_MODULE",
      "SYS_BOOT",
    ]);
    assert.deepEqual(add(["CHOWN", "BPF", "SYSLOG"]), []);
    assert.deepEqual(add(["SYS_MODULE"], true), []);
  });

  it("makes the certificates that a Job asks for, and none for other pods", () => {
    assert.deepEqual(wantedCertificates(pod({})), []);
    const value = `
      certs:
        - { name: server, namespace: kube-system, commonName: a, hosts: [b, 127.0.0.1], usage: [signing, server auth] }
        - { name: remote, namespace: kube-system, commonName: remote, usage: [signing, client auth] }`;
    const env = [{ name: "CILIUM_CERTGEN_CONFIG", value }];
    const wanted = wantedCertificates(pod({ containers: [{ name: "certgen", image: "i", env }] }));
    assert.deepEqual(wanted, [
      {
        ...{ secretName: "server", namespace: "kube-system", commonName: "a" },
        ...{ usage: "server", names: ["b", "127.0.0.1"] },
      },
      {
        ...{ secretName: "remote", namespace: "kube-system", commonName: "remote" },
        ...{ usage: "client", names: [] },
      },
    ]);
  });

  it("requires secrets and config maps unless they are optional", () => {
    assert.deepEqual(
      requiredMounts(
        pod({
          volumes: [
            { name: "a", secret: { secretName: "s" } },
            { name: "b", configMap: { name: "c", optional: true } },
            {
              name: "d",
              projected: { sources: [{ secret: { name: "ps" } }, { configMap: { name: "pc" } }] },
            },
          ],
        }),
      ).map(({ kind, name }) => `${kind}/${name}`),
      ["secret/s", "secret/ps", "configmap/pc"],
    );
  });

  it("knows what a pod is to its node", () => {
    assert.equal(roleOf(pod({}, { "k8s-app": "cilium" })), "cilium-agent");
    assert.equal(roleOf(pod({}, { "k8s-app": "cilium-envoy" })), "other");
    assert.equal(roleOf(pod({}, { "io.cilium/app": "operator" })), "cilium-operator");
    const volumes = [{ name: "cni", hostPath: { path: "/etc/cni/net.d" } }];
    assert.equal(roleOf(pod({ hostNetwork: true, volumes })), "cni");
    assert.equal(roleOf(pod({ volumes })), "other");
  });

  const around: Surroundings = {
    hostname: "w-1",
    address: "127.0.1.20",
    kubePrism: { enabled: true, port: 7445 },
    kubeProxyRuns: false,
    serviceIP: "10.96.0.1",
    clusterEndpoint: "https://127.0.1.10:6443",
    controlPlanes: ["127.0.1.10"],
  };
  const withServer = (host?: string, port?: string) =>
    pod({
      containers: [
        {
          name: "c",
          image: "i",
          env: [
            ...(host === undefined ? [] : [{ name: "KUBERNETES_SERVICE_HOST", value: host }]),
            ...(port === undefined ? [] : [{ name: "KUBERNETES_SERVICE_PORT", value: port }]),
          ],
        },
      ],
    });
  const reachability: [string, Pod, Partial<Surroundings>, RegExp | undefined][] = [
    ["KubePrism", withServer("localhost", "7445"), {}, undefined],
    ["KubePrism by address", withServer("127.0.0.1", "7445"), {}, undefined],
    [
      "KubePrism off",
      withServer("localhost", "7445"),
      { kubePrism: { enabled: false, port: 7445 } },
      /connection refused/,
    ],
    ["another port", withServer("localhost", "7446"), {}, /localhost:7446.*connection refused/],
    ["the endpoint", withServer("127.0.1.10", "6443"), {}, undefined],
    ["the local API server on a worker", withServer("localhost", "6443"), {}, /refused/],
    [
      "the local API server on a control plane",
      withServer("localhost", "6443"),
      { address: "127.0.1.10" },
      undefined,
    ],
    ["nothing, without kube-proxy", withServer(), {}, /10\.96\.0\.1:443: i\/o timeout/],
    ["nothing, with kube-proxy", withServer(), { kubeProxyRuns: true }, undefined],
    ["a foreign address", withServer("192.0.2.1", "6443"), {}, /no route to host/],
    ["an unknown name", withServer("api.example", "6443"), {}, /lookup api\.example: no such host/],
  ];
  for (const [what, subject, change, problem] of reachability) {
    it(`finds the API server through ${what}: ${problem === undefined ? "yes" : "no"}`, () => {
      const found = apiProblem(subject, { ...around, ...change });
      if (problem === undefined) {
        assert.equal(found, undefined);
      } else {
        assert.match(found ?? "", problem);
      }
    });
  }

  it("reports the stages of a pod as the kubelet does", () => {
    const subject = pod({ initContainers: [{ name: "config", image: "i" }] });
    const at = (progress: PodProgress) =>
      podStatus(subject, {
        progress,
        hostIP: "127.0.1.20",
        podIP: undefined,
        startTime: "2026-01-01T00:00:00Z",
        now: "2026-01-01T00:00:01Z",
        restartCount: 0,
      });
    const condition = (progress: PodProgress, type: string) =>
      at(progress).conditions?.find((entry) => entry.type === type)?.status;
    assert.equal(at({ stage: "creating" }).phase, "Pending");
    assert.equal(
      at({ stage: "creating" }).containerStatuses?.[0]?.state.waiting?.reason,
      "PodInitializing",
    );
    const failed = {
      container: "config",
      waiting: "CrashLoopBackOff",
      message: "i/o timeout",
      exitCode: 1,
    } as const;
    const crashed = at({ stage: "initializing", failed });
    assert.equal(crashed.initContainerStatuses?.[0]?.lastState.terminated?.message, "i/o timeout");
    assert.equal(condition({ stage: "initializing", failed }, "Initialized"), "False");
    assert.equal(condition({ stage: "running", ready: false }, "Initialized"), "True");
    assert.equal(condition({ stage: "running", ready: false }, "Ready"), "False");
    assert.equal(condition({ stage: "running", ready: true }, "ContainersReady"), "True");
    assert.equal(at({ stage: "succeeded" }).phase, "Succeeded");
  });

  it("keeps the time of a transition while the status stays", () => {
    const earlier = kubeletConditions({ cniConfigured: false, now: "t1" });
    const later = kubeletConditions({ cniConfigured: true, now: "t2", previous: earlier });
    const times = (type: string) => later.find((entry) => entry.type === type)?.lastTransitionTime;
    assert.equal(times("Ready"), "t2");
    assert.equal(times("DiskPressure"), "t1");
  });

  it("reads taints in Talos' form and replaces only those that Talos owns", () => {
    assert.deepEqual(taintOf("k", "v:NoExecute"), { key: "k", value: "v", effect: "NoExecute" });
    assert.deepEqual(taintOf("k", ":NoSchedule"), { key: "k", effect: "NoSchedule" });
    assert.deepEqual(taintOf("k", "NoSchedule"), { key: "k", effect: "NoSchedule" });
    const foreign = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };
    const old = { key: "old", effect: "NoSchedule" };
    const wanted = { key: "new", effect: "NoSchedule" };
    assert.deepEqual(mergeTaints([foreign, old], ["old"], [wanted]), [foreign, wanted]);
    assert.deepEqual(mergeTaints([wanted, foreign], [], [wanted]), [wanted, foreign]);
  });

  it("asks for a serving certificate where the configuration says so", () => {
    const kubelet = (value: unknown) => ({
      kubelet: { extraArgs: { "rotate-server-certificates": value } },
    });
    assert.equal(rotatesServerCertificates(kubelet("true")), true);
    assert.equal(rotatesServerCertificates(kubelet(["true"])), true);
    assert.equal(rotatesServerCertificates(kubelet("false")), false);
    assert.equal(rotatesServerCertificates({}), false);
  });
});
