import assert from "node:assert/strict";

import { mayKubeletSet, registeredTaints } from "../../../components/spec/nodeRestriction";

describe("what a kubelet may write to its own node (as NodeRestriction of Kubernetes 1.36 says; the lab asks it)", () => {
  for (const [label, may] of [
    ["rack", true],
    ["example.org/role", true],
    ["notkubernetes.io/role", true],
    ["kubernetes.io/hostname", true],
    ["topology.kubernetes.io/zone", true],
    ["node.kubernetes.io/instance-type", true],
    ["storage.node.kubernetes.io/fast", true],
    ["kubelet.kubernetes.io/any", true],
    ["kubernetes.io/role", false],
    ["node-role.kubernetes.io/worker", false],
    ["node-restriction.kubernetes.io/team", false],
    ["topology.kubernetes.io/rack", false],
    ["k8s.io/any", false],
    ["scheduling.k8s.io/class", false],
    ["cluster.x-k8s.io/pool", true],
  ] as const) {
    it(`${may ? "takes" : "refuses"} ${label}`, () => assert.equal(mayKubeletSet(label), may));
  }

  it("writes taints as the kubelet reads them", () => {
    assert.deepEqual(registeredTaints({ a: "b:NoSchedule", c: ":NoExecute", d: "NoExecute" }), [
      { key: "a", value: "b", effect: "NoSchedule" },
      { key: "c", effect: "NoExecute" },
      { key: "d", effect: "NoExecute" },
    ]);
  });
});
