import assert from "node:assert/strict";
import path from "node:path";

import {
  chartProblems,
  chartTagProblems,
  chartWarnings,
} from "../../../components/cilium/chartProblems";

const root = path.resolve(__dirname, "..", "..", "..");

describe("chartProblems (that a chart renders is proved by Helm alone)", () => {
  it("finds nothing wrong with a chart that is there, or that is elsewhere", () => {
    assert.deepEqual(chartProblems("./lab/charts/cilium", root), []);
    assert.deepEqual(chartProblems("lab/charts/cilium", root), []);
    assert.deepEqual(chartProblems("cilium", root), []);
  });

  it("names a path without anything, and one without a chart", () => {
    assert.match(chartProblems("./no-such-chart", root)[0]!.reason, /no-such-chart is not there$/);
    assert.match(chartProblems("./lab/charts", root)[0]!.reason, /it has no Chart\.yaml$/);
    assert.match(chartProblems("lab/charts", root)[0]!.reason, /it has no Chart\.yaml$/);
    assert.match(chartProblems("./cilium-9.tgz", root)[0]!.reason, /cilium-9\.tgz is not there$/);
  });

  it("says where a local chart is not of the version that is asked for", () => {
    const [warning] = chartWarnings("lab/charts/cilium", "1.19.6", root);
    assert.equal(warning?.id, "chart-version");
    assert.match(warning?.fix ?? "", /^write 1\.20\.0,/);
    assert.deepEqual(chartWarnings("./lab/charts/cilium", "1.20.0", root), []);
    assert.deepEqual(chartWarnings("cilium", "1.19.6", root), []);
  });

  it("names a tag that is another version, and writes the reference without it", () => {
    const registry = "oci://r.example.org:5000/charts/cilium";
    const [problem] = chartTagProblems(`${registry}:1.19.6`, "1.20.0");
    assert.equal(problem?.reason, "its tag is 1.19.6, and cilium.version 1.20.0");
    assert.match(problem.fix, /^write "oci:\/\/r\.example\.org:5000\/charts\/cilium":/);
    for (const chart of [registry, `${registry}:1.20.0`, "cilium", "./cilium"]) {
      assert.deepEqual(chartTagProblems(chart, "v1.20.0"), []);
    }
  });
});
