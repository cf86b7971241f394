import assert from "node:assert/strict";

import type { V1CustomResourceDefinition, V1Pod } from "@kubernetes/client-node";

import type { ClusterSnapshot } from "../../../components/gates/clusterSnapshot";
import { notReady, podFault, readiness } from "../../../components/gates/notReady";

const node = (name: string, ready = true, more: object = {}) => ({
  metadata: { name },
  spec: {},
  status: {
    conditions: [
      ready
        ? { type: "Ready", status: "True" }
        : { type: "Ready", status: "False", message: "cni plugin not initialized" },
    ],
  },
  ...more,
});
const rolledOut = (name: string, status: object = {}) => ({
  metadata: { name, generation: 1 },
  spec: { selector: {}, template: {} },
  status: {
    observedGeneration: 1,
    currentNumberScheduled: 2,
    numberMisscheduled: 0,
    desiredNumberScheduled: 2,
    updatedNumberScheduled: 2,
    numberReady: 2,
    numberAvailable: 2,
    ...status,
  },
});
const crd = (kind: string, established = "True") =>
  ({
    metadata: { name: `${kind}.cilium.io` },
    spec: { group: "cilium.io" },
    status: { conditions: [{ type: "Established", status: established }] },
  }) as unknown as V1CustomResourceDefinition;
const kinds = [
  "ciliumclusterwidenetworkpolicies",
  "ciliumendpoints",
  "ciliumidentities",
  "ciliumnetworkpolicies",
  "ciliumnodes",
];
const operator = (available: number) => ({
  metadata: { name: "cilium-operator", generation: 2 },
  spec: { replicas: 2, selector: {}, template: {} },
  status: { observedGeneration: 2, availableReplicas: available, updatedReplicas: 2 },
});

const good: ClusterSnapshot = {
  nodes: [node("cp-1"), node("worker-1")],
  pods: [],
  daemonSets: [rolledOut("cilium"), rolledOut("cilium-envoy")],
  deployments: [operator(2)],
  crds: kinds.map((kind) => crd(kind)),
  gatewayClasses: [],
  pendingRequests: [],
};

describe("notReady (what a data path does is not seen here)", () => {
  it("is silent about a cluster that is ready", () => {
    assert.deepEqual(notReady(good, { nodes: ["cp-1", "worker-1"] }), []);
    assert.deepEqual(notReady(good, {}), []);
  });

  const cases: [string, Partial<ClusterSnapshot>, RegExp][] = [
    ["an absent node", { nodes: [node("cp-1")] }, /^node worker-1 has not joined$/],
    [
      "a NotReady node, with the kubelet's words",
      { nodes: [node("cp-1"), node("worker-1", false)] },
      /^node worker-1 is NotReady: cni plugin not initialized$/,
    ],
    [
      "a taint that Cilium has not taken away",
      {
        nodes: [
          node("cp-1"),
          node("worker-1", true, {
            spec: { taints: [{ key: "node.cilium.io/agent-not-ready", effect: "NoSchedule" }] },
          }),
        ],
      },
      /worker-1 still has the taint/,
    ],
    ["no agents", { daemonSets: [] }, /^DaemonSet cilium is not there$/],
    [
      "an agent that is not ready",
      { daemonSets: [rolledOut("cilium", { numberReady: 1 })] },
      /^DaemonSet cilium has 1 of 2 pods ready/,
    ],
    [
      "old agents after an upgrade",
      { daemonSets: [rolledOut("cilium", { updatedNumberScheduled: 0 })] },
      /0 of them new/,
    ],
    [
      "a status of an older generation",
      { daemonSets: [rolledOut("cilium", { observedGeneration: 0 })] },
      /^DaemonSet cilium/,
    ],
    [
      "a DaemonSet without nodes, which Helm takes for ready",
      {
        daemonSets: [
          rolledOut("cilium", {
            desiredNumberScheduled: 0,
            updatedNumberScheduled: 0,
            numberReady: 0,
            numberAvailable: 0,
          }),
        ],
      },
      /0 of 0 pods ready/,
    ],
    [
      "Envoy",
      { daemonSets: [rolledOut("cilium"), rolledOut("cilium-envoy", { numberAvailable: 1 })] },
      /^DaemonSet cilium-envoy/,
    ],
    ["one operator of two", { deployments: [operator(1)] }, /cilium-operator has 1 of 2 replicas/],
    [
      "a missing CRD",
      { crds: kinds.slice(1).map((kind) => crd(kind)) },
      /^CRD ciliumclusterwidenetworkpolicies\.cilium\.io is not there/,
    ],
    [
      "a CRD that is not established",
      { crds: [...kinds.map((kind) => crd(kind)), crd("ciliumx", "False")] },
      /^CRD ciliumx\.cilium\.io is not established$/,
    ],
    [
      "a certificate request that nobody approves",
      {
        pendingRequests: [
          {
            metadata: { name: "csr-1" },
            spec: {
              request: "",
              signerName: "kubernetes.io/kubelet-serving",
              username: "system:node:worker-1",
            },
          },
        ],
      },
      /csr-1 of system:node:worker-1 is pending: nobody approves kubernetes\.io\/kubelet-serving/,
    ],
  ];
  for (const [name, change, expected] of cases) {
    it(`names ${name}, and only that`, () => {
      const faults = notReady({ ...good, ...change }, { nodes: ["cp-1", "worker-1"] });
      assert.equal(faults.length, 1, faults.join("; "));
      assert.match(faults[0]!, expected);
    });
  }

  it("does not pass a cluster without nodes", () => {
    assert.deepEqual(notReady({ ...good, nodes: [] }, {}), ["no node has joined"]);
  });

  it("does not pass before the operator has accepted the GatewayClass", () => {
    const expected = { gatewayClass: "cilium" };
    const status = (value: string, message: string) => ({
      ...good,
      gatewayClasses: [
        {
          metadata: { name: "cilium" },
          status: { conditions: [{ type: "Accepted", status: value, message }] },
        },
      ],
    });
    assert.deepEqual(notReady(good, expected), ["GatewayClass cilium is not there"]);
    assert.match(notReady(status("Unknown", "waiting"), expected)[0]!, /rollout restart/);
    assert.match(notReady(status("False", "no such field"), expected)[0]!, /: no such field$/);
    assert.deepEqual(notReady(status("True", ""), expected), []);
  });

  it("does not pass before the CRDs of what comes behind it", () => {
    const crds = ["ciliumloadbalancerippools.cilium.io"];
    assert.match(notReady(good, { crds })[0]!, /^CRD ciliumloadbalancerippools\.cilium\.io is not/);
    const there = [...good.crds, crd("ciliumloadbalancerippools")];
    assert.deepEqual(notReady({ ...good, crds: there }, { crds }), []);
  });
});

describe("podFault", () => {
  const pod = (status: object, spec: object = { nodeName: "worker-1" }) =>
    ({ metadata: { name: "cilium-x" }, spec, status }) as unknown as V1Pod;
  const cases: [string, V1Pod, RegExp][] = [
    [
      "unschedulable",
      pod(
        {
          conditions: [
            { type: "PodScheduled", status: "False", message: "0/2 nodes are available" },
          ],
        },
        {},
      ),
      /not scheduled: 0\/2 nodes/,
    ],
    [
      "an image that cannot be pulled",
      pod({
        containerStatuses: [
          {
            name: "cilium-agent",
            state: { waiting: { reason: "ImagePullBackOff", message: "no such host" } },
          },
        ],
      }),
      /waits on worker-1 in cilium-agent: ImagePullBackOff \(no such host\)/,
    ],
    [
      "an init container that ended",
      pod({
        initContainerStatuses: [
          {
            name: "config",
            state: { terminated: { exitCode: 1, message: "unable to apply caps" } },
          },
        ],
      }),
      /ended on worker-1 in config with 1 \(unable to apply caps\)/,
    ],
    [
      "a running one that is not ready",
      pod({ phase: "Running" }),
      /not ready on worker-1: phase Running/,
    ],
  ];
  for (const [name, value, expected] of cases) {
    it(name, () => assert.match(podFault(value) ?? "", expected));
  }

  it("says nothing of a ready pod", () => {
    assert.equal(podFault(pod({ conditions: [{ type: "Ready", status: "True" }] })), undefined);
  });
});

describe("readiness", () => {
  it("names what is awaited where nodes and agents are not it", () => {
    const fault = "Deployment cilium-operator has 1 of 2 replicas available";
    assert.equal(
      readiness(good, 2, [fault, "pod cilium-operator-2 is not scheduled"]),
      `2/2 nodes Ready, 2/2 agents ready, but ${fault}`,
    );
  });

  it("is one short line", () => {
    assert.equal(
      readiness(good, 5, ["node w-3 has not joined"]),
      "2/5 nodes Ready, 2/2 agents ready",
    );
  });
});
