import assert from "node:assert/strict";

import type { NotedCilium } from "../../../components/cilium/job/jobChange";
import { keptValueFindings } from "../../../components/cilium/keptValues";

describe("keptValueFindings (by what the gate notes, not by what the cluster has)", () => {
  const release: NotedCilium = { cluster: "a", version: "1.20.0", values: "y" };

  for (const installMethod of ["manifests", "inline", "hosted"] as const) {
    it(`warns of other values together with the way from ${installMethod} to Helm`, () => {
      const from = { ...release, installMethod, values: "x" };
      for (const to of [release, { ...release, installMethod: "cli" }] as const) {
        const [found, ...more] = keptValueFindings(from, to);
        assert.deepEqual(more, []);
        assert.equal(found?.id, "values-kept");
        assert.equal(found.warns, true);
        assert.equal(found.got, to === release ? "release" : "cli");
        assert.ok(found.reason.includes(`what ${installMethod} brought`));
      }
      assert.deepEqual(keptValueFindings({ ...from, values: "y" }, release), []);
      assert.deepEqual(keptValueFindings(from, { ...from, values: "y" }), []);
      assert.deepEqual(keptValueFindings({ ...from, managedBy: "flux" }, release), []);
      assert.deepEqual(
        keptValueFindings(from, { ...release, installMethod: "cli", managedBy: "flux" }),
        [],
      );
    });
  }

  it("says nothing where Helm has a record, or nothing was noted", () => {
    for (const from of [{}, { installMethod: "cli" }, { installMethod: "none" }] as const) {
      assert.deepEqual(keptValueFindings({ ...from, values: "x" }, release), []);
    }
  });
});
