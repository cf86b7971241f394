import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { addressAt, blockSize, isLoopback } from "../../../lab/controlPlane/addresses";
import { isFromOutside, parseAuditLog } from "../../../lab/controlPlane/auditLog";
import { ciliumCRDs } from "../../../lab/controlPlane/ciliumCRDs";
import { CiliumNodeState, wantedNodeState } from "../../../lab/controlPlane/ciliumNodeState";
import { ClusterFacts } from "../../../lab/controlPlane/clusterFacts";
import { clusterSettings } from "../../../lab/controlPlane/clusterSettings";
import { apiServerPlace } from "../../../lab/controlPlane/controlPlaneProcesses";
import { apiServerFlags, commandLine } from "../../../lab/controlPlane/flags";
import {
  type AddressPool,
  allocateAddresses,
  type LoadBalancerService,
  selects,
} from "../../../lab/controlPlane/loadBalancerAddresses";
import { encryptionConfig } from "../../../lab/controlPlane/apiServerFiles";
import type { KubernetesApi } from "../../../lab/controlPlane/kubernetesApi";
import { apiServerNames, type PkiFiles } from "../../../lab/controlPlane/pki";
import { requireSharedData } from "../../support/sharedData";
import { recordedConfiguration } from "./support";

const NODE = { hostname: "cp-1", address: "127.0.1.12", machineType: "controlplane" } as const;

/** Pure decisions behind the processes and the operator's stand-in; nothing is started. */
describe("control plane decisions", () => {
  it("finds addresses in networks of both families", () => {
    assert.equal(addressAt("10.96.0.0/12", 1), "10.96.0.1");
    assert.equal(addressAt("10.96.3.7/12", 10), "10.96.0.10");
    assert.equal(addressAt("fd00::/108", 10), "fd00::a");
    assert.throws(() => addressAt("10.0.0.0/30", 4), /no address number 4/);
    assert.equal(blockSize({ cidr: "192.0.2.0/28" }), 16n);
    assert.ok(isLoopback("127.3.2.1") && isLoopback("::1") && !isLoopback("10.0.0.1"));
    assert.ok(!isLoopback("127.0.0.1.example.org"));
  });

  it("listens on the endpoint when that is loopback, else on the node", () => {
    assert.deepEqual(apiServerPlace("https://127.0.1.5:7443", "127.0.1.12"), {
      address: "127.0.1.5",
      port: 7443,
    });
    assert.deepEqual(apiServerPlace("https://api.example:6443", "127.0.1.12"), {
      address: "127.0.1.12",
      port: 6443,
    });
  });

  it("takes nothing but a complete control-plane configuration, and names all that lacks", () => {
    const machineConfiguration = "version: v1alpha1\nmachine: {type: worker}\ncluster: {}\n";
    assert.throws(
      () => clusterSettings({ ...NODE, dir: "/nowhere", machineConfiguration }),
      /cp-1 lacks cluster\.ca\.crt, cluster\.ca\.key, cluster\.aggregatorCA.*serviceAccount\.key/,
    );
  });

  describe("from a recorded configuration", () => {
    before(requireSharedData);
    const settings = () =>
      clusterSettings({
        ...NODE,
        dir: "/nowhere",
        machineConfiguration: recordedConfiguration(NODE.address),
      });

    it("puts Talos' names into the API server's certificate", () => {
      const names = apiServerNames(settings(), { ...NODE, dir: "", machineConfiguration: "" });
      for (const name of ["kubernetes.default.svc.cluster.local", "10.96.0.1", "cp-1"]) {
        assert.ok(names.includes(name), name);
      }
    });

    it("merges the user's flags as Talos does, and keeps its own where Talos refuses", () => {
      const base = settings();
      const line = commandLine(
        apiServerFlags({
          settings: {
            ...base,
            apiServer: {
              ...base.apiServer,
              extraArgs: {
                "enable-admission-plugins": ["AlwaysPullImages"],
                "bind-address": ["0.0.0.0"],
                "max-requests-inflight": ["9"],
              },
            },
          },
          files: new Proxy({}, { get: (_, name) => String(name) }) as PkiFiles,
          hostname: NODE.hostname,
          address: NODE.address,
          apiServer: { address: NODE.address, port: 6443 },
          etcd: { clientPort: 2379, peerPort: 2380, dataDir: "" },
          auditLog: "",
        }),
      );
      assert.ok(line.includes("--enable-admission-plugins=NodeRestriction,AlwaysPullImages"));
      assert.ok(line.includes("--max-requests-inflight=9"));
      assert.ok(line.includes(`--bind-address=${NODE.address}`));
      assert.ok(!line.some((flag) => flag.includes("0.0.0.0")));
    });
  });

  it("encrypts secrets with secretbox first and reads plain ones still", () => {
    const { resources } = encryptionConfig({
      secretboxEncryptionSecret: "c2VjcmV0",
      aescbcEncryptionSecret: undefined,
    }) as { resources: { providers: Record<string, { keys?: { name: string }[] }>[] }[] };
    const providers = resources[0]?.providers ?? [];
    assert.deepEqual(
      providers.map((provider) => Object.keys(provider)[0]),
      ["secretbox", "identity"],
    );
    assert.equal(providers[0]?.secretbox?.keys?.[0]?.name, "key2");
  });

  it("tells changes from outside from those of the cluster itself, and from questions", () => {
    const line = (username: string, requestURI: string, at = "2026-01-01T00:00:10.000000Z") =>
      JSON.stringify({
        stage: "ResponseComplete",
        requestReceivedTimestamp: at,
        stageTimestamp: at,
        verb: "create",
        requestURI,
        user: { username },
      });
    const log = [
      line("admin", "/api/v1/namespaces/default/configmaps"),
      line("admin", "/api/v1/namespaces/default/configmaps?dryRun=All"),
      line("admin", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
      line("system:serviceaccount:kube-system:replicaset-controller", "/api/v1/pods"),
      line("lab:kubelets", "/api/v1/nodes"),
      line("talos:admin", "/api/v1/namespaces"),
      line("admin", "/api/v1/nodes", "2026-01-01T00:00:01.000000Z"),
      '{"stage":"Respo',
    ].join("\n");
    const outside = (since?: string) =>
      parseAuditLog(log, since === undefined ? undefined : new Date(since)).filter(isFromOutside);
    assert.equal(outside().length, 2);
    assert.deepEqual(
      outside("2026-01-01T00:00:05Z").map(({ requestURI }) => requestURI),
      ["/api/v1/namespaces/default/configmaps"],
    );
  });

  it("registers the kinds and versions of each Cilium minor", () => {
    const versions = (cilium: string, plural: string, config = {}) => {
      const found = ciliumCRDs(cilium, config).find(
        ({ metadata }) => (metadata as { name: string }).name === `${plural}.cilium.io`,
      );
      return (found?.spec as { versions: { name: string }[] } | undefined)?.versions.map(
        ({ name }) => name,
      );
    };
    assert.deepEqual(versions("1.17.18", "ciliumloadbalancerippools"), ["v2alpha1"]);
    assert.deepEqual(versions("1.18.0", "ciliumloadbalancerippools"), ["v2", "v2alpha1"]);
    assert.deepEqual(versions("1.18.12", "ciliumbgppeeringpolicies"), ["v2alpha1"]);
    assert.equal(versions("1.19.6", "ciliumbgppeeringpolicies"), undefined);
    assert.deepEqual(versions("1.20.0", "ciliumnodeconfigs"), ["v2"]);
    assert.equal(versions("1.20.0", "ciliumenvoyconfigs"), undefined);
    assert.deepEqual(versions("1.20.0", "ciliumenvoyconfigs", { "enable-gateway-api": "true" }), [
      "v2",
    ]);
  });

  it("taints a node only while an agent is on it and not ready", () => {
    assert.equal(wantedNodeState(undefined, {}), "untouched");
    assert.equal(wantedNodeState("scheduled", {}), "tainted");
    assert.equal(wantedNodeState("scheduled", { "set-cilium-node-taints": "false" }), "untouched");
    assert.equal(wantedNodeState("ready", {}), "up");
  });

  it("waits for the next change of a cluster with one listener, however many there were", async () => {
    const facts = new ClusterFacts();
    const stopped = new AbortController();
    const listeners = () => getEventListeners(stopped.signal, "abort").length;
    const running = new CiliumNodeState({} as KubernetesApi, facts, {}).run(stopped.signal);
    const before = listeners();
    for (let changes = 0; changes < 4; changes++) {
      facts.changed();
      await sleep(50);
    }
    assert.equal(listeners(), before);
    stopped.abort();
    await running;
  });

  it("gives out addresses of pools by selector, wish and class", () => {
    const pool = (name: string, spec: AddressPool["spec"]): AddressPool => ({
      metadata: { name },
      spec,
    });
    const service = (
      name: string,
      more: Partial<LoadBalancerService["metadata"]> = {},
      spec: LoadBalancerService["spec"] = { type: "LoadBalancer" },
    ): LoadBalancerService => ({ metadata: { name, uid: name, ...more }, spec });
    const pools = [
      pool("a", {
        blocks: [{ cidr: "192.0.2.0/31" }],
        serviceSelector: { matchLabels: { team: "a" } },
      }),
      pool("b", { blocks: [{ start: "198.51.100.5", stop: "198.51.100.6" }] }),
      pool("c", { blocks: [{ cidr: "203.0.113.0/24" }], disabled: true }),
    ];
    const given = allocateAddresses(pools, [
      service("s1", { labels: { team: "a" } }),
      service("s2"),
      service("s3", { annotations: { "lbipam.cilium.io/ips": "198.51.100.6" } }),
      service("s4"),
      service("s5", {}, { type: "LoadBalancer", loadBalancerClass: "example.org/other" }),
      service("s6", {}, { type: "ClusterIP" }),
    ]);
    assert.deepEqual(Object.fromEntries(given), {
      s1: ["192.0.2.0"],
      s2: ["198.51.100.5"],
      s3: ["198.51.100.6"],
    });
    assert.ok(selects({ matchExpressions: [{ key: "x", operator: "DoesNotExist" }] }, {}));
    assert.ok(!selects({ matchExpressions: [{ key: "x", operator: "In", values: ["1"] }] }, {}));
  });
});
