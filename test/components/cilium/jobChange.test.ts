import assert from "node:assert/strict";

import { type NotedCilium, jobChangeFindings } from "../../../components/cilium/job/jobChange";

const JOB: NotedCilium = { cluster: "a", installMethod: "job", version: "1.20.0", values: "x" };

describe("jobChangeFindings (what is refused, not what runs in the cluster)", () => {
  it("refuses a Job for a cluster that has Cilium", () => {
    for (const from of [{}, { installMethod: "inline" }, { installMethod: "cli" }] as const) {
      const [found] = jobChangeFindings(from, JOB);
      assert.equal(found?.id, "job-too-late");
      assert.ok(!found.warns);
    }
  });

  for (const [what, change, propertyPath, reason] of [
    ["another version", { version: "1.20.1" }, "cilium.version", /Cilium 1\.20\.0, and another v/],
    ["other values", { values: "y" }, "cilium", /other values would change the machine/],
  ] as const) {
    it(`refuses ${what} of what a Job installed`, () => {
      const [found, ...more] = jobChangeFindings(JOB, { ...JOB, ...change });
      assert.deepEqual(more, []);
      assert.equal(found?.id, "job-installs-once");
      assert.ok(!found.warns);
      assert.equal(found.propertyPath, propertyPath);
      assert.match(found.reason, reason);
      assert.match(found.fix, /choose the method release/);
    });
  }

  it("says nothing where all stays, of a cluster made anew, and where the Job is left", () => {
    assert.deepEqual(jobChangeFindings(JOB, JOB), []);
    assert.deepEqual(jobChangeFindings(JOB, { ...JOB, version: "v1.20.0" }), []);
    assert.deepEqual(jobChangeFindings(JOB, { ...JOB, cluster: "b", version: "1.20.1" }), []);
    for (const to of [{}, { installMethod: "inline", version: "1.20.1" }] as const) {
      assert.deepEqual(jobChangeFindings(JOB, to), []);
    }
  });
});
