import assert from "node:assert/strict";

import type { MigrationFacts } from "../../../components/migration/facts";
import { forgottenMigration, migrationProblems } from "../../../components/migration/problems";
import type { MigrationTarget } from "../../../components/migration/target";
import { facts, moved, onFlannel, pod, POOL, target } from "./clusterOnFlannel";

const both = [onFlannel("worker-1"), onFlannel("cp-1")];
const allMoved = [moved("worker-1"), moved("cp-1")];
const isCNI = { ipam: "cluster-pool", podSubnets: POOL, isCNI: true };
const kubernetes = { ipam: "kubernetes", podSubnets: [], isCNI: true };
const untouched = { flannel: undefined, cilium: undefined };

/** A cluster, a stage, and the ids of what stands against it. */
const cases: [
  what: string,
  facts: MigrationFacts,
  stage: MigrationTarget["stage"],
  ids: string[],
][] = [
  ["Flannel alone, to be looked at", facts(both, { cilium: undefined }), "planned", []],
  ["Flannel alone", facts(both, { cilium: undefined }), "beside", []],
  ["both, nothing moved", facts(both), "nodes", []],
  ["both, one moved", facts([moved("worker-1"), onFlannel("cp-1")]), "nodes", []],
  [
    "both, one half-way",
    facts([onFlannel("worker-1", { isCordoned: true, cordonedBefore: false }), onFlannel("cp-1")]),
    "nodes",
    [],
  ],
  [
    "both, one whose pods have not all followed",
    facts([moved("worker-1", { pods: [pod("10.244.1.2"), pod("10.245.1.2")] }), onFlannel("cp-1")]),
    "nodes",
    [],
  ],
  ["both, all moved", facts(allMoved), "done", []],
  ["Cilium rolled out, Flannel not removed", facts(both, { cilium: isCNI }), "done", []],
  ["Cilium alone", facts(both, { flannel: undefined, cilium: isCNI }), "done", []],
  ["a new cluster of a stack that is done", facts([], untouched), "done", []],
  ["a new cluster that Flannel comes to", facts([], untouched), "planned", []],
  ["no Flannel", facts(both, untouched), "beside", ["migration-no-flannel"]],
  [
    "Cilium alone, to go back",
    facts(both, { flannel: undefined, cilium: isCNI }),
    "nodes",
    ["migration-way-back"],
  ],
  ["moved nodes, to go back", facts(allMoved), "beside", ["migration-way-back"]],
  ["nodes on Flannel, to be done", facts(both), "done", ["migration-too-early"]],
  [
    "Flannel alone, to be done",
    facts(both, { cilium: undefined }),
    "done",
    ["migration-too-early"],
  ],
  [
    "Flannel with our network",
    facts(both, { flannel: { network: "10.245.128.0/17", port: 4789 } }),
    "beside",
    ["migration-overlap"],
  ],
  [
    "Flannel on Cilium's port",
    facts(both, { flannel: { network: "10.42.0.0/16", port: 8472 } }),
    "beside",
    ["migration-port"],
  ],
  [
    "somebody's Cilium beside",
    facts(both, { cilium: kubernetes }),
    "beside",
    ["migration-foreign-cilium"],
  ],
  [
    "somebody's Cilium alone",
    facts(both, { flannel: undefined, cilium: kubernetes }),
    "done",
    ["migration-foreign-cilium"],
  ],
  [
    "a third CNI on a node",
    facts([onFlannel("worker-1", { pods: [pod("192.168.7.2")] }), onFlannel("cp-1")]),
    "beside",
    ["migration-mixed"],
  ],
  [
    "Cilium's configuration on a node that nobody moved",
    facts([onFlannel("worker-1", { pods: [pod("10.245.1.2")] }), onFlannel("cp-1")]),
    "nodes",
    ["migration-mixed"],
  ],
];

describe("what stands against a migration (of simulated facts; the lab has them from an API server)", () => {
  for (const [what, seen, stage, ids] of cases) {
    it(`is ${ids.join() || "nothing"} for ${what}, at stage ${stage}`, () => {
      const problems = migrationProblems(seen, target(stage));
      assert.deepEqual(
        problems.map(({ id }) => id),
        ids,
      );
      for (const { reason, fix } of problems) assert.ok(reason.length > 20 && fix.length > 5);
    });
  }

  it("names the node and its pods", () => {
    const nodes = [onFlannel("worker-1", { pods: [pod("192.168.7.2")] })];
    const [mixed] = migrationProblems(facts(nodes), target("beside"));
    assert.match(mixed!.reason, /^worker-1: the addresses of default\/web-1 come neither/);
  });

  it("refuses to forget it, or its networks, and lets the chart's values take its place", () => {
    const was = { version: "1.20.0", podSubnets: POOL };
    const pool = { ipam: { operator: { clusterPoolIPv4PodCIDRList: POOL } } };
    const ids = (is: object, values = {}) =>
      forgottenMigration(was, is, values).map(({ id }) => id);
    assert.deepEqual(ids({ podSubnets: POOL }), []);
    assert.deepEqual(ids({}), ["migration-forgotten"]);
    assert.deepEqual(ids({ podSubnets: ["10.246.0.0/16"] }), ["migration-forgotten"]);
    assert.deepEqual(ids({}, pool), []);
    assert.deepEqual(forgottenMigration({ version: "1.20.0" }, {}, {}), []);
    assert.deepEqual(forgottenMigration(undefined, { podSubnets: POOL }, {}), []);
  });
});
