import assert from "node:assert/strict";
import path from "node:path";

import {
  chartProblems,
  chartWarnings,
  isLocalChart,
} from "../../../components/cilium/chartProblems";

const root = path.resolve(__dirname, "..", "..", "..");

describe("chartProblems (that a chart renders is proved by Helm alone)", () => {
  const cases: [string, boolean][] = [
    ["cilium", false],
    ["oci://quay.io/cilium/charts/cilium", false],
    ["https://example.com/cilium-1.20.0.tgz", false],
    ["./lab/charts/cilium", true],
    ["../cilium", true],
    ["/charts/cilium", true],
    ["cilium-1.20.0.tgz", true],
  ];
  for (const [chart, local] of cases) {
    it(`takes ${chart} for ${local ? "a path" : "no path"}`, () =>
      assert.equal(isLocalChart(chart), local));
  }

  it("finds nothing wrong with a chart that is there, or that is elsewhere", () => {
    assert.deepEqual(chartProblems("./lab/charts/cilium", root), []);
    assert.deepEqual(chartProblems("cilium", root), []);
  });

  it("names a path without anything, and one without a chart", () => {
    assert.match(chartProblems("./no-such-chart", root)[0]!.reason, /no-such-chart is not there$/);
    assert.match(chartProblems("./lab/charts", root)[0]!.reason, /it has no Chart\.yaml$/);
    assert.match(chartProblems("./cilium-9.tgz", root)[0]!.reason, /cilium-9\.tgz is not there$/);
  });

  it("says where a local chart is not of the version that is asked for", () => {
    const [warning] = chartWarnings("./lab/charts/cilium", "1.19.6", root);
    assert.equal(warning?.id, "chart-version");
    assert.match(warning?.fix ?? "", /^write 1\.20\.0,/);
    assert.deepEqual(chartWarnings("./lab/charts/cilium", "1.20.0", root), []);
    assert.deepEqual(chartWarnings("cilium", "1.19.6", root), []);
  });
});
