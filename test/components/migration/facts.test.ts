import assert from "node:assert/strict";

import type { V1Node, V1Pod } from "@kubernetes/client-node";

import {
  AGENT_BEFORE,
  CORDONED_BEFORE,
  MOVED_LABEL,
  migrationFacts,
  type NodeFacts,
} from "../../../components/migration/facts";
import { onFlannel as stays, withoutNotes } from "../../../components/migration/leftovers";
import { facts, onFlannel, pod } from "./clusterOnFlannel";

const node = {
  metadata: {
    name: "n",
    labels: { [MOVED_LABEL]: "true", zone: "a" },
    annotations: {
      [CORDONED_BEFORE]: "false",
      [AGENT_BEFORE]: "agent-1",
      "flannel.alpha.coreos.com/public-ip": "10.5.0.11",
      "talos.dev/owned-labels": "[]",
    },
  },
  spec: { unschedulable: true },
  status: { conditions: [{ type: "Ready", status: "True" }] },
} as V1Node;

const aPod = (
  name: string,
  more: { metadata?: object; spec?: object; status?: object },
): V1Pod => ({
  metadata: { name, namespace: "apps", ownerReferences: [{}], ...more.metadata } as never,
  spec: { nodeName: "n", containers: [], ...more.spec },
  status: { phase: "Running", podIP: "10.244.1.2", ...more.status },
});

const pods = [
  aPod("web", {}),
  aPod("alone", { metadata: { ownerReferences: undefined } }),
  aPod("exporter", {
    spec: {
      tolerations: [
        { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
      ],
    },
  }),
  aPod("everywhere", { spec: { tolerations: [{ operator: "Exists" }] } }),
  aPod("elsewhere", { spec: { nodeName: "m" } }),
  aPod("on-host", { spec: { hostNetwork: true } }),
  aPod("static", { metadata: { annotations: { "kubernetes.io/config.mirror": "x" } } }),
  aPod("over", { status: { phase: "Succeeded" } }),
  aPod("cilium-x", {
    metadata: { uid: "agent-2", labels: { "k8s-app": "cilium" } },
    spec: { hostNetwork: true },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  }),
];

describe("what a migration sees of a cluster (of objects as an API server gives them)", () => {
  const daemonSets = ["kube-flannel", "cilium"].map((name) => ({ metadata: { name } }));
  const seen = migrationFacts({
    ...{ nodes: [node], pods, daemonSets },
    flannelConfig: {
      data: {
        "net-conf.json": '{"Network":"10.244.0.0/16","Backend":{"Type":"vxlan","Port":4789}}',
      },
    },
    ciliumConfig: {
      data: {
        ipam: "cluster-pool",
        "cluster-pool-ipv4-cidr": "10.245.0.0/16",
        "custom-cni-conf": "true",
      },
    },
  });

  it("is the CNIs that are there, and how they are set", () => {
    assert.deepEqual({ ...seen, nodes: [] }, { ...facts([]), hasKubeProxy: false });
  });

  it("is the node with its notes, its agent and the pods that have a network of their own", () => {
    const [{ pods: here, ...rest }] = seen.nodes as [NodeFacts];
    assert.deepEqual(rest, {
      hostname: "n",
      isReady: true,
      isCordoned: true,
      isLabelled: true,
      cordonedBefore: false,
      agentBefore: "agent-1",
      agent: { name: "cilium-x", uid: "agent-2", isReady: true },
    });
    const expected = [
      { name: "web", isBare: false, returns: false },
      { name: "alone", isBare: true, returns: false },
      { name: "exporter", isBare: false, returns: true },
      { name: "everywhere", isBare: false, returns: true },
    ];
    assert.deepEqual(
      here,
      expected.map((each) => pod("10.244.1.2", { namespace: "apps", ...each })),
    );
  });

  it("takes Flannel's notes and those of the migration off a node, and no other", () => {
    assert.deepEqual(withoutNotes(node), {
      annotations: { [AGENT_BEFORE]: null, "flannel.alpha.coreos.com/public-ip": null },
      labels: { [MOVED_LABEL]: null },
    });
    assert.equal(withoutNotes({ metadata: { name: "n", labels: { zone: "a" } } }), undefined);
  });

  it("keeps Flannel while a pod has an address of its network", () => {
    const used = facts([onFlannel("n", { pods: [pod("10.244.1.2")] })]);
    assert.match(stays(used)!, /^Flannel stays: default\/web-1 have addresses of its network/);
    assert.equal(stays(facts([onFlannel("n", { pods: [pod("10.245.1.2")] })])), undefined);
    assert.equal(stays(facts([], { flannel: undefined })), undefined);
  });
});
