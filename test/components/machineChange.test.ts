import assert from "node:assert/strict";

import { machineChangeFindings, notedMachines } from "../../components/machineChange";
import type { ClusterSpec, NodeSpec } from "../../components/spec";
import { clusterSpec, nodeSpec } from "./patches/specs";

const controlPlane = nodeSpec();
const worker = nodeSpec({
  hostname: "w-1",
  ipAddress: "10.5.0.3",
  machineType: "worker",
  taints: { a: "NoSchedule", b: "x:NoExecute" },
});
const cluster = clusterSpec({ nodes: [controlPlane, worker] });
const withWorker = (changes: Partial<NodeSpec>) => ({
  nodes: [controlPlane, { ...worker, ...changes }],
});

describe("machineChangeFindings (what is said of a changed spec; the refusal in a preview is proved on the lab)", () => {
  const found = (changes: Partial<ClusterSpec>, from = notedMachines(cluster)) =>
    machineChangeFindings(from, { ...cluster, ...changes });

  const rows: [string, Partial<ClusterSpec>, [string, string, boolean][]][] = [
    [
      "other networks",
      {
        podSubnets: ["10.245.0.0/16"],
        serviceSubnets: ["10.97.0.0/16"],
        dnsDomain: "home.local",
      },
      [
        ["cluster-network-changed", "podSubnets", false],
        ["cluster-network-changed", "serviceSubnets", false],
        ["cluster-network-changed", "dnsDomain", false],
      ],
    ],
    [
      "another name",
      withWorker({ hostname: "w-2" }),
      [["machine-renamed", "nodes[1].hostname", false]],
    ],
    [
      "another type",
      withWorker({ machineType: "controlplane" }),
      [["machine-type-changed", "nodes[1].machineType", false]],
    ],
    [
      "other taints of a worker",
      withWorker({ taints: { a: "NoSchedule" } }),
      [["worker-taints-changed", "nodes[1].taints", true]],
    ],
    [
      "no taints of a worker any more",
      withWorker({ taints: {} }),
      [["worker-taints-changed", "nodes[1].taints", true]],
    ],
  ];
  for (const [name, changes, expected] of rows) {
    it(`names ${name}`, () => {
      assert.deepEqual(
        found(changes).map(({ id, propertyPath, warns = false }) => [id, propertyPath, warns]),
        expected,
      );
    });
  }

  const free: [string, Partial<ClusterSpec>][] = [
    ["nothing", {}],
    ["another order", { nodes: [worker, controlPlane] }],
    ["taints in another order", withWorker({ taints: { b: "x:NoExecute", a: "NoSchedule" } })],
    [
      "taints of a control plane",
      { nodes: [{ ...controlPlane, taints: { c: "NoSchedule" } }, worker] },
    ],
    ["labels", withWorker({ labels: { rack: "a" } })],
    ["a machine taken out", { nodes: [controlPlane] }],
    [
      "a machine added",
      { nodes: [controlPlane, worker, nodeSpec({ hostname: "w-2", ipAddress: "10.5.0.4" })] },
    ],
    ["an address, which is latched", withWorker({ ipAddress: "10.5.0.9" })],
  ];
  for (const [name, changes] of free) {
    it(`lets go: ${name}`, () => assert.deepEqual(found(changes), []));
  }

  it("says nothing where a state of before has no note", () => {
    assert.deepEqual(machineChangeFindings(undefined, cluster), []);
  });
});
