import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Document, parseDocument } from "yaml";
import { createClusterRuntime, type LabClusterRuntime } from "../../../lab/controlPlane";
import { KubernetesApi, type KubernetesApiError } from "../../../lab/controlPlane/kubernetesApi";
import { kubeconfigCredentials } from "./kubeconfigCredentials";
import { requireSharedData } from "../../support/sharedData";
import { ciliumObjects, type NodeView, type PodView } from "./ciliumObjects";
import {
  configuredNode,
  eventually,
  isRunning,
  recordedConfiguration,
  requireControlPlane,
  temporaryFolder,
} from "./support";

const CONTROL_PLANE = "127.0.1.10";
const WORKER = "127.0.1.11";

/**
 * Real etcd and Kubernetes processes, virtual kubelets. Proves nothing about containers, packets or
 * what Cilium itself would say of its configuration.
 */
describe("cluster runtime, real control plane", function () {
  this.timeout(60_000);
  let runtime: LabClusterRuntime;
  let api: KubernetesApi;
  let manifestServer: ReturnType<typeof createServer>;
  let manifestRequests = 0;
  const events: string[] = [];
  const dir = temporaryFolder();

  before(async function () {
    requireSharedData.call(this);
    const binaries = requireControlPlane(this);
    manifestServer = createServer((_request, response) => {
      manifestRequests++;
      response.writeHead(manifestRequests < 2 ? 503 : 200);
      response.end("apiVersion: v1\nkind: Namespace\nmetadata: {name: fetched}\n");
    });
    await new Promise<void>((resolve) => manifestServer.listen(0, "127.0.0.1", resolve));
    const { port } = manifestServer.address() as AddressInfo;
    const configuration = withCluster(recordedConfiguration(CONTROL_PLANE), {
      extraManifests: [`http://127.0.0.1:${port}/manifest.yaml`, "https://example.org/a.yaml"],
      inlineManifests: [
        { name: "b", contents: "kind: Nonsense\napiVersion: none.example/v1\nmetadata: {name: x}" },
        {
          name: "a",
          contents: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: inline, namespace: late}",
        },
        { name: "c", contents: "apiVersion: v1\nkind: Namespace\nmetadata: {name: late}" },
      ],
    });
    runtime = createClusterRuntime({
      dir: `${dir}/cluster`,
      binaries,
      onEvent: (event) => events.push(event),
    });
    const first = configuredNode(dir, {
      hostname: "cp-1",
      address: CONTROL_PLANE,
      machineType: "controlplane",
      machineConfiguration: configuration,
    });
    await runtime.start(first, { firstBoot: true });
    await runtime.join(first);
    await runtime.join(worker());
    assert.equal(await runtime.untilReady(), true);
    api = new KubernetesApi(kubeconfigCredentials(runtime.kubeconfig() ?? ""), "test");
  });

  after(async () => {
    api?.close();
    await runtime?.stop();
    manifestServer?.close();
  });

  const worker = (patch?: (document: Document) => void) =>
    configuredNode(dir, {
      hostname: "w-1",
      address: WORKER,
      machineType: "worker",
      machineConfiguration: workerConfiguration(patch),
    });
  const node = (name: string) => api.get<NodeView>(`/api/v1/nodes/${name}`);
  const pods = async (selector: string) =>
    (
      await api.get<{ items: PodView[] }>(
        `/api/v1/namespaces/kube-system/pods?labelSelector=${encodeURIComponent(selector)}`,
      )
    ).items;

  it("registers nodes NotReady, as the kubelet words it, with Talos' labels and taints", async () => {
    // A kubelet creates its Node first and reports the status right behind; then Talos writes.
    const reported = async (name: string) => {
      const registered = await node(name).catch(() => undefined);
      const written = registered?.metadata.annotations?.["talos.dev/owned-labels"];
      return registered?.status.conditions && written ? registered : undefined;
    };
    const controlPlane = await eventually("registration", () => reported("cp-1"));
    const worker = await eventually("registration", () => reported("w-1"));
    const ready = controlPlane.status.conditions.find(({ type }) => type === "Ready");
    assert.equal(ready?.status, "False");
    assert.equal(ready?.reason, "KubeletNotReady");
    assert.match(ready?.message ?? "", /cni plugin not initialized/);
    assert.equal(controlPlane.metadata.labels["node-role.kubernetes.io/control-plane"], "");
    // The controller manager adds the second one with one effect, and a moment later with another.
    assert.deepEqual([...new Set(controlPlane.spec.taints.map(({ key }) => key))].sort(), [
      "node-role.kubernetes.io/control-plane",
      "node.kubernetes.io/not-ready",
    ]);
    assert.equal(worker.metadata.labels["rack"], "a");
    assert.ok(worker.spec.taints.some(({ key, value }) => key === "dedicated" && value === "gpu"));
    assert.ok(!("node-role.kubernetes.io/control-plane" in worker.metadata.labels));
    assert.ok(worker.status.addresses.some(({ address }) => address === WORKER));
  });

  it("writes a worker's labels and taints as its kubelet, which may not write all", async () => {
    const joined = async (path: string[], value: object) =>
      runtime.join(worker((document) => document.setIn(path, value)));
    const refusal = (reason: RegExp) =>
      eventually("the refusal", () =>
        Promise.resolve(events.find((event) => reason.test(event)) ?? undefined),
      );
    await joined(["machine", "nodeTaints"], { late: "gpu:NoSchedule" });
    await refusal(/w-1 cannot write its labels and taints: .*not allowed to modify taints/);
    await joined(["machine", "nodeLabels"], { rack: "b", "node-role.kubernetes.io/worker": "" });
    await refusal(/w-1 cannot write its labels and taints: .*not allowed to modify labels/);
    assert.equal((await node("w-1")).metadata.labels["rack"], "a");
    await runtime.join(
      worker((document) => document.setIn(["machine", "nodeLabels"], { row: "7" })),
    );
    await eventually("the label", async () => {
      const { labels } = (await node("w-1")).metadata;
      return labels["row"] === "7" && !("rack" in labels) ? true : undefined;
    });
  });

  it("applies Talos' manifests as manager talos and keeps the inventory", async () => {
    const inventory = await eventually("the inventory", () =>
      api
        .get<{ data: Record<string, string> }>(
          "/api/v1/namespaces/kube-system/configmaps/talos-bootstrap-manifests-inventory",
        )
        .catch(() => undefined),
    );
    for (const key of [
      "kube-system_kube-dns__Service",
      "kube-system_coredns_apps_Deployment",
      "_system__talos-nodes_rbac.authorization.k8s.io_ClusterRole",
      "late_inline__ConfigMap",
    ]) {
      assert.ok(key in inventory.data, key);
    }
    const service = await api.get<{
      metadata: { annotations: Record<string, string>; managedFields: { manager: string }[] };
    }>("/api/v1/namespaces/kube-system/services/kube-dns");
    assert.ok(service.metadata.managedFields.some(({ manager }) => manager === "talos"));
    assert.equal(
      service.metadata.annotations["config.k8s.io/owning-inventory"],
      "talos-bootstrap-manifests-inventory",
    );
  });

  it("fetches a manifest again that failed, and an unreachable or unknown one holds up nothing", async () => {
    await eventually("the fetched namespace", () =>
      api.get("/api/v1/namespaces/fetched").catch(() => undefined),
    );
    assert.ok(manifestRequests >= 2);
    assert.ok(events.some((event) => event.includes("loopback addresses only")));
    assert.ok(events.some((event) => event.includes('no matches for kind "Nonsense"')));
  });

  it("encrypts secrets in etcd with the key of the machine configuration", async () => {
    const token = await eventually("the bootstrap token", () =>
      api
        .get<{ metadata: { name: string } }>(
          "/api/v1/namespaces/kube-system/secrets/bootstrap-token-ufcc8q",
        )
        .catch(() => undefined),
    );
    const pem = (name: string) => readFileSync(`${dir}/cluster/pki/${name}.pem`, "utf8");
    const etcd = new KubernetesApi(
      {
        server: `https://${CONTROL_PLANE}:2379`,
        ca: pem("etcdCA"),
        client: { cert: pem("etcdClient"), key: pem("etcdClientKey") },
      },
      "test",
    );
    const key = `/registry/secrets/kube-system/${token.metadata.name}`;
    const { kvs } = await etcd.create<{ kvs: { value: string }[] }>("/v3/kv/range", {
      key: Buffer.from(key).toString("base64"),
    });
    etcd.close();
    const stored = Buffer.from(kvs[0]?.value ?? "", "base64").toString("latin1");
    assert.ok(stored.startsWith("k8s:enc:secretbox:v1:key2:"), stored.slice(0, 26));
  });

  it("answers nobody without credentials", async () => {
    const credentials = kubeconfigCredentials(runtime.kubeconfig() ?? "");
    const anonymous = new KubernetesApi(
      { ...credentials, client: { cert: "", key: "" } },
      "anonymous",
    );
    await assert.rejects(anonymous.get("/version"), (error: KubernetesApiError) => {
      assert.equal(error.status, 401);
      return true;
    });
    anonymous.close();
  });

  it("shows the static pods of a control plane", async () => {
    for (const app of ["kube-apiserver", "kube-controller-manager", "kube-scheduler"]) {
      const [pod] = await eventually(`mirror pod of ${app}`, async () => {
        const found = await pods(`k8s-app=${app}`);
        return found[0]?.status.phase === "Running" ? found : undefined;
      });
      assert.equal(pod?.metadata.name, `${app}-cp-1`);
    }
  });

  it("lets a pod outside kube-system not be privileged: Talos' PodSecurity defaults", async () => {
    await assert.rejects(
      api.create("/api/v1/namespaces/default/pods", {
        metadata: { name: "privileged" },
        spec: { hostNetwork: true, containers: [{ name: "c", image: "i" }] },
      }),
      /violates PodSecurity "baseline:latest"/,
    );
  });

  it("keeps the agents waiting without an operator, and a refused capability from starting", async () => {
    for (const { path, object } of ciliumObjects({ name: "bad", capabilities: ["SYS_MODULE"] })) {
      await api.create(path, object);
    }
    const bad = await eventually("the crash", async () => {
      const all = await pods("app=bad");
      const found = all.find(
        ({ status }) => status.containerStatuses?.[0]?.lastState.terminated !== undefined,
      );
      return found;
    });
    const [status] = bad.status.containerStatuses ?? [];
    assert.equal(status?.state.waiting?.reason, "CrashLoopBackOff");
    assert.match(
      status?.lastState.terminated?.message ?? "",
      /unable to apply caps: operation not permitted/,
    );
    await api.delete("/apis/apps/v1/namespaces/kube-system/daemonsets/bad");
    for (const { path, object } of ciliumObjects({ name: "cilium" })) {
      await api.create(path, object);
    }
    await eventually("running agents", async () => {
      const agents = await pods("k8s-app=cilium");
      return agents.length === 2 && agents.every(({ status }) => status.phase === "Running")
        ? agents
        : undefined;
    });
    const ready = (await node("w-1")).status.conditions.find(({ type }) => type === "Ready");
    assert.equal(ready?.status, "False");
  });

  it("makes a node Ready when operator and agent are up, and only the faulty one stays behind", async () => {
    runtime.setFaults({ agentNeverReady: ["w-1"] });
    for (const { path, object } of ciliumObjects({ name: "operator" })) {
      await api.create(path, object);
    }
    const conditionOf = async (name: string, type: string) =>
      (await node(name)).status.conditions.find((entry) => entry.type === type);
    await eventually("cp-1 Ready", async () =>
      (await conditionOf("cp-1", "Ready"))?.status === "True" ? true : undefined,
    );
    assert.equal((await conditionOf("w-1", "Ready"))?.status, "False");
    await eventually("the taint of w-1", async () =>
      (await node("w-1")).spec.taints.some(({ key }) => key === "node.cilium.io/agent-not-ready")
        ? true
        : undefined,
    );
    runtime.setFaults({ agentNeverReady: [] });
    await eventually("w-1 Ready", async () =>
      (await conditionOf("w-1", "Ready"))?.status === "True" ? true : undefined,
    );
    const network = await eventually("CiliumIsUp", () => conditionOf("w-1", "NetworkUnavailable"));
    assert.equal(network.reason, "CiliumIsUp");
    await eventually("the taints' removal", async () => {
      const keys = ((await node("w-1")).spec.taints ?? []).map(({ key }) => key);
      return keys.join() === "dedicated" ? true : undefined;
    });
    await api.get("/apis/cilium.io/v2/ciliumnodes/w-1");
  });

  it("says again that a node is Ready which the cluster held lost", async () => {
    const lastTransitionTime = new Date().toISOString();
    const lost = { type: "Ready", status: "Unknown", reason: "NodeStatusUnknown" };
    const conditions = [{ ...lost, lastTransitionTime }];
    await api.patch("/api/v1/nodes/w-1/status", { status: { conditions } }, "strategic");
    await eventually("w-1 Ready", async () => {
      const ready = (await node("w-1")).status.conditions.find(({ type }) => type === "Ready");
      return ready?.status === "True" ? true : undefined;
    });
  });

  it("reads its configuration again when another pod of the operator leads", async () => {
    await api.create("/api/v1/namespaces/kube-system/configmaps", {
      metadata: { name: "cilium-config" },
      data: { "enable-gateway-api": "true" },
    });
    await api.patch("/apis/apps/v1/namespaces/kube-system/deployments/operator", {
      spec: { template: { metadata: { annotations: { checksum: "changed" } } } },
    });
    await eventually("the CRD of Envoy's configuration", async () =>
      api
        .get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/ciliumenvoyconfigs.cilium.io")
        .then(
          () => true,
          () => undefined,
        ),
    );
  });

  it("gives pods with a network of their own an address once the CNI runs", async () => {
    const [coredns] = await eventually("CoreDNS", async () => {
      const found = await pods("k8s-app=kube-dns");
      return found.length === 2 && found.every(({ status }) => status.phase === "Running")
        ? found
        : undefined;
    });
    assert.match(coredns?.status.podIP ?? "", /^10\.244\./);
  });

  it("keeps a pod in ContainerCreating whose secret is missing, and starts it when it comes", async () => {
    await api.create("/api/v1/namespaces/kube-system/pods", {
      metadata: { name: "mounts", labels: { app: "mounts" } },
      spec: {
        hostNetwork: true,
        nodeName: "cp-1",
        containers: [{ name: "c", image: "i" }],
        volumes: [{ name: "v", secret: { secretName: "late" } }],
      },
    });
    await eventually("FailedMount", async () => {
      const { items } = await api.get<{ items: { reason: string; message: string }[] }>(
        "/api/v1/namespaces/kube-system/events?fieldSelector=involvedObject.name%3Dmounts",
      );
      return items.find(
        ({ reason, message }) =>
          reason === "FailedMount" && message.includes('secret "late" not found'),
      );
    });
    const [waiting] = await pods("app=mounts");
    assert.equal(
      waiting?.status.containerStatuses?.[0]?.state.waiting?.reason,
      "ContainerCreating",
    );
    await api.create("/api/v1/namespaces/kube-system/secrets", { metadata: { name: "late" } });
    await eventually("the start", async () =>
      (await pods("app=mounts"))[0]?.status.phase === "Running" ? true : undefined,
    );
    await api.delete("/api/v1/namespaces/kube-system/pods/mounts");
    await eventually("the deletion", async () =>
      (await pods("app=mounts")).length === 0 ? true : undefined,
    );
  });

  it("gives addresses of a pool to services of type LoadBalancer", async () => {
    await api.create("/apis/cilium.io/v2/ciliumloadbalancerippools", {
      apiVersion: "cilium.io/v2",
      kind: "CiliumLoadBalancerIPPool",
      metadata: { name: "pool" },
      spec: { blocks: [{ start: "192.0.2.10", stop: "192.0.2.11" }] },
    });
    await api.create("/api/v1/namespaces/default/services", {
      metadata: { name: "lb" },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
    });
    const ip = await eventually("an address", async () => {
      const service = await api.get<{ status: { loadBalancer: { ingress?: { ip: string }[] } } }>(
        "/api/v1/namespaces/default/services/lb",
      );
      return service.status.loadBalancer.ingress?.[0]?.ip;
    });
    assert.equal(ip, "192.0.2.10");
  });

  it("counts what others change and not what the cluster does itself", async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const since = new Date();
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(await runtime.mutatingRequests(since), 0);
    await api.create("/api/v1/namespaces/default/configmaps", { metadata: { name: "counted" } });
    await api.get("/api/v1/namespaces/default/configmaps/counted");
    assert.equal(await runtime.mutatingRequests(since), 1);
  });

  it("leaves what Talos made and a user deleted away, and says who is a member of etcd", async () => {
    await api.delete("/api/v1/namespaces/kube-system/services/kube-dns");
    await runtime.update(
      configuredNode(dir, {
        hostname: "cp-1",
        address: CONTROL_PLANE,
        machineType: "controlplane",
        machineConfiguration: withCluster(recordedConfiguration(CONTROL_PLANE), {
          inlineManifests: [
            { name: "new", contents: "apiVersion: v1\nkind: Namespace\nmetadata: {name: new}" },
          ],
        }),
      }),
    );
    await eventually("the new manifest", () =>
      api.get("/api/v1/namespaces/new").catch(() => undefined),
    );
    await assert.rejects(api.get("/api/v1/namespaces/kube-system/services/kube-dns"), /not found/);
    const members = await runtime.etcdMembers();
    assert.deepEqual(
      members.map(({ hostname, isLearner }) => ({ hostname, isLearner })),
      [{ hostname: "cp-1", isLearner: false }],
    );
  });

  it("names the port that is taken", async function () {
    const other = createClusterRuntime({
      dir: `${dir}/other`,
      binaries: requireControlPlane(this),
    });
    const start = other.start(
      configuredNode(dir, {
        hostname: "other",
        address: CONTROL_PLANE,
        machineType: "controlplane",
        machineConfiguration: recordedConfiguration(CONTROL_PLANE),
      }),
      { firstBoot: true },
    );
    await assert.rejects(start, /127\.0\.1\.10:6443 is in use/);
  });

  it("stops everything that it started, and goes on with its data", async () => {
    const pids = runtime.pids;
    assert.equal(pids.length, 4);
    await runtime.stop();
    assert.deepEqual(pids.filter(isRunning), []);
    const first = configuredNode(dir, {
      hostname: "cp-1",
      address: CONTROL_PLANE,
      machineType: "controlplane",
      machineConfiguration: recordedConfiguration(CONTROL_PLANE),
    });
    await runtime.start(first, { firstBoot: false });
    await runtime.join(first);
    assert.equal(await runtime.untilReady(), true);
    await api.get("/api/v1/namespaces/default/configmaps/counted");
    await eventually("the restart of the agent's container", async () =>
      (await pods("k8s-app=cilium")).find(
        ({ status }) =>
          (status.containerStatuses?.[0]?.restartCount ?? 0) > 0 &&
          status.containerStatuses?.[0]?.ready === true,
      ),
    );
  });
});

function withCluster(configuration: string, cluster: object): string {
  const [first = "", ...rest] = configuration.split(/^---$/m);
  const document = parseDocument(first);
  for (const [key, value] of Object.entries(cluster)) {
    document.setIn(["cluster", key], value);
  }
  return [document.toString(), ...rest].join("---\n");
}

function workerConfiguration(patch: (document: Document) => void = () => undefined): string {
  const [first = ""] = recordedConfiguration(CONTROL_PLANE).split(/^---$/m);
  const document = parseDocument(first);
  document.setIn(["machine", "type"], "worker");
  document.setIn(["machine", "nodeLabels"], { rack: "a" });
  document.setIn(
    ["machine", "kubelet", "extraConfig", "registerWithTaints"],
    [{ key: "dedicated", value: "gpu", effect: "NoSchedule" }],
  );
  patch(document);
  return document.toString();
}
