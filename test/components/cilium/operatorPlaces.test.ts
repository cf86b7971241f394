import assert from "node:assert/strict";

import { releaseValues, surroundingsOf } from "../../../components/cilium/releaseValues";
import { type ClusterSpecInput, parseClusterSpec } from "../../../components/spec";
import { minimalCluster } from "../spec/minimalCluster";

type Taints = Readonly<Record<string, string>>;
const GPU = { "nvidia.com/gpu": "present:NoSchedule" };

function replicas(taints: readonly Taints[], cilium: Partial<ClusterSpecInput["cilium"]> = {}) {
  const base = minimalCluster();
  const [first] = base.nodes;
  const workers = taints.map((each, index) => ({
    ...first!,
    hostname: `worker-${index + 1}`,
    ipAddress: `10.5.0.${100 + index}`,
    machineType: "worker" as const,
    taints: each,
  }));
  const { spec, problems } = parseClusterSpec({
    ...base,
    nodes: [first, ...workers],
    cilium: { ...base.cilium, ...cilium },
  });
  assert.deepEqual(problems, []);
  const { values } = releaseValues(spec!.cilium, surroundingsOf(spec!));
  return (values["operator"] as { replicas: number }).replicas;
}

describe("how many operators run (each on a node of its own)", () => {
  it("two, where there are nodes for them", () => {
    assert.equal(replicas([{}]), 2);
    assert.equal(replicas([GPU, {}]), 2);
    assert.equal(replicas([{ "nvidia.com/gpu": "present:PreferNoSchedule" }]), 2);
    assert.equal(replicas([{ "node.cilium.io/agent-not-ready": "true:NoExecute" }]), 2);
  });

  it("one, where one node alone takes it", () => {
    assert.equal(replicas([]), 1);
    assert.equal(replicas([GPU, { "example.org/storage": "NoExecute" }]), 1);
  });

  it("two on tainted nodes, where the operator tolerates the taint", () => {
    assert.equal(replicas([GPU], { version: "1.17.9" }), 2);
    const tolerations = [{ operator: "Exists" }];
    assert.equal(replicas([GPU], { values: { operator: { tolerations } } }), 2);
  });

  it("as many as the spec says", () => {
    assert.equal(replicas([GPU], { operatorReplicas: 2 }), 2);
  });
});
