import assert from "node:assert/strict";

import type { MigrationFacts } from "../../../components/migration/facts";
import { formatPlan, migrationPlan } from "../../../components/migration/plan";
import {
  type MigrationTarget,
  migrationTarget,
  movingOrder,
} from "../../../components/migration/target";
import { parseCiliumSpec } from "../../../components/spec";
import { facts, moved, onFlannel, pod, POOL, target } from "./clusterOnFlannel";

const both = [onFlannel("cp-1"), onFlannel("worker-1", { pods: [pod("10.244.1.2")] })];
const isCNI = { ipam: "cluster-pool", podSubnets: POOL, isCNI: true };

/** Marks of: beside, configurations, worker-1, cp-1, all of the spec, Flannel, kube-proxy. */
const cases: [
  what: string,
  target: MigrationTarget,
  facts: MigrationFacts | undefined,
  marks: string,
][] = [
  ["nobody asked", target("nodes"), undefined, "????···"],
  ["Flannel alone, planned", target("planned"), facts(both, { cilium: undefined }), "·······"],
  ["Flannel alone", target("beside"), facts(both, { cilium: undefined }), "→······"],
  ["both", target("nodes"), facts(both), "✓→→→···"],
  ["one node first", target("nodes", undefined, ["worker-1"]), facts(both), "✓→→····"],
  ["one moved", target("nodes"), facts([both[0]!, moved("worker-1")]), "✓✓✓→···"],
  ["all moved", target("done"), facts([moved("cp-1"), moved("worker-1")]), "✓✓✓✓→→→"],
  [
    "a run that ended before kube-proxy",
    target("done"),
    facts(both, { flannel: undefined, cilium: isCNI }),
    "✓✓✓✓✓✓→",
  ],
  [
    "all of it",
    target("done"),
    facts(both, { flannel: undefined, cilium: isCNI, hasKubeProxy: false }),
    "✓✓✓✓✓✓✓",
  ],
  [
    "kube-proxy that stays",
    { ...target("done"), replacesKubeProxy: false },
    facts(both, { flannel: undefined, cilium: isCNI }),
    "✓✓✓✓✓✓",
  ],
];

describe("the plan of a migration (of simulated facts)", () => {
  for (const [what, wanted, seen, marks] of cases) {
    it(`says how far it is: ${what}`, () => {
      const [, ...lines] = formatPlan(wanted, migrationPlan(wanted, seen)).split("\n");
      assert.equal(lines.map((line) => line.trim()[0]).join(""), marks);
    });
  }

  it("is one line a step, with its reason", () => {
    const text = formatPlan(target("nodes"), migrationPlan(target("nodes"), facts(both)));
    assert.match(text, /^from Flannel to Cilium, stage nodes /);
    assert.match(text, /\n {2}→ 3\. move worker-1: cordon, evict, .*; 1 of 1 pods leave it\n/);
    assert.match(text, /\n {2}· 7\. remove kube-proxy: last, because /);
  });

  it("moves workers first, or in the order of the spec, and shows the others behind", () => {
    const nodes = ["cp-1", "worker-1", "worker-2"].map((hostname) => ({
      hostname,
      machineType: hostname.startsWith("cp") ? "controlplane" : "worker",
    }));
    const order = movingOrder(nodes as never);
    assert.deepEqual(order, ["worker-1", "worker-2", "cp-1"]);
    const spec = (more: object) =>
      parseCiliumSpec({
        version: "1.20.0",
        migration: { from: "flannel", stage: "nodes", podSubnets: POOL, ...more },
      }).spec!;
    assert.deepEqual(migrationTarget(spec({}), order).moving, order);
    const some = migrationTarget(spec({ nodes: ["worker-2"] }), order);
    assert.deepEqual([some.moving, some.order], [["worker-2"], ["worker-2", "worker-1", "cp-1"]]);
  });
});
