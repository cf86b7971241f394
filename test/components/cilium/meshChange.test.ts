import assert from "node:assert/strict";

import { meshChangeFindings, meshMember } from "../../../components/cilium/meshChange";
import type { ChartValues } from "../../../components/values";

const HOME = { name: "home", id: 1, maxConnectedClusters: 255 };

const ids = (from: object, to: object) =>
  meshChangeFindings(from, to).map(({ id, warns, propertyPath }) => [
    id,
    warns === true,
    propertyPath,
  ]);

describe("meshMember (what values say, the chart's own left out)", () => {
  const cases: [string, ChartValues, object | undefined][] = [
    ["nothing", {}, undefined],
    ["what the chart has anyway", { cluster: { name: "default", id: 0 } }, undefined],
    ["a name alone", { cluster: { name: "home" } }, { ...HOME, id: 0 }],
    ["both", { cluster: { name: "home", id: 1 } }, HOME],
    [
      "room for more clusters",
      { clustermesh: { maxConnectedClusters: 511 } },
      { name: "default", id: 0, maxConnectedClusters: 511 },
    ],
  ];
  for (const [name, values, expected] of cases) {
    it(`knows ${name}`, () => assert.deepEqual(meshMember(values), expected));
  }
});

describe("meshChangeFindings (what is said, not what identities become)", () => {
  const noted = (changes: object) => ({ cluster: "c1", meshMember: { ...HOME, ...changes } });
  const home = noted({});

  it("says nothing where all stays, and of a cluster that was made anew", () => {
    assert.deepEqual(ids({}, {}), []);
    assert.deepEqual(ids(home, home), []);
    assert.deepEqual(ids(home, { ...noted({ id: 2 }), cluster: "c2" }), []);
    assert.deepEqual(ids(home, { ...noted({ id: 2 }), cluster: undefined }), []);
  });

  it("warns on the way into a mesh and out of it", () => {
    const both = [
      ["mesh-joined", true, "cilium.clusterMesh.name"],
      ["mesh-joined", true, "cilium.clusterMesh.id"],
    ];
    assert.deepEqual(ids({ cluster: "c1" }, home), both);
    assert.deepEqual(ids(home, { cluster: "c1" }), both);
    assert.deepEqual(ids(noted({ id: 0 }), home), [both[1]]);
  });

  it("refuses another name, id or room for ids, with the way there", () => {
    const [found, ...more] = meshChangeFindings(home, noted({ id: 2 }));
    assert.deepEqual(more, []);
    assert.equal(found?.id, "mesh-member-changed");
    assert.equal(found.got, 2);
    assert.match(found.fix, /^set it back to 1, or silence this .* restart all workloads/);
    assert.deepEqual(ids(home, noted({ name: "house", maxConnectedClusters: 511 })), [
      ["mesh-member-changed", false, "cilium.clusterMesh.name"],
      ["mesh-member-changed", false, "cilium.values.clustermesh.maxConnectedClusters"],
    ]);
  });

  it("stands at the user's own value where there is one", () => {
    const [found] = meshChangeFindings(home, noted({ id: 2 }), { cluster: { id: 2 } });
    assert.equal(found?.propertyPath, "cilium.values.cluster.id");
  });
});
