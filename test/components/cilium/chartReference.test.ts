import assert from "node:assert/strict";
import path from "node:path";

import {
  chartReference,
  isLocalChart,
  sortedChart,
} from "../../../components/cilium/chartReference";

const root = path.resolve(__dirname, "..", "..", "..");
const oci = (registry: string, more: object = {}) => ({
  ...{ kind: "oci", registry, name: "cilium", tag: undefined, digest: undefined },
  ...more,
});

describe("sortedChart (Helm's reading, with a folder charts/cilium on the disk)", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  const cases: [string, object][] = [
    ["cilium", { kind: "name" }],
    ["mine", { kind: "name" }],
    ["./cilium", { kind: "folder" }],
    ["../cilium", { kind: "folder" }],
    ["/charts/cilium", { kind: "folder" }],
    ["charts/cilium", { kind: "folder" }],
    ["deep/charts/cilium", { kind: "folder" }],
    ["cilium/", { kind: "folder" }],
    ["cilium-1.20.0.tgz", { kind: "archive" }],
    ["charts/cilium-1.20.0.tgz", { kind: "archive" }],
    ["cilium/cilium", { kind: "repoName", repo: "cilium", name: "cilium" }],
    ["https://example.com/cilium-1.20.0.tgz", { kind: "url" }],
    ["https://example.com/charts", { kind: "url" }],
    ["oci://quay.io/cilium/charts/cilium", oci("quay.io/cilium/charts")],
    ["oci://127.0.0.1:5000/cilium", oci("127.0.0.1:5000")],
    ["oci://r.example.org:5000/a/cilium:1.20.0", oci("r.example.org:5000/a", { tag: "1.20.0" })],
    [`oci://r.example.org/cilium@${digest}`, oci("r.example.org", { digest })],
    [
      `oci://r.example.org/cilium:1.20.0@${digest}`,
      oci("r.example.org", { tag: "1.20.0", digest }),
    ],
  ];
  for (const [chart, reference] of cases) {
    it(`takes ${chart} for ${JSON.stringify(reference)}`, () =>
      assert.deepEqual({ ...sortedChart(chart, (at) => at === "charts/cilium") }, reference));
  }

  it("looks for the folder where relative paths begin", () => {
    assert.deepEqual(chartReference("lab/charts", root), { kind: "folder" });
    assert.equal(chartReference("lab/charts", path.join(root, "lab")).kind, "repoName");
    assert.equal(isLocalChart("lab/charts", root), true);
    assert.equal(isLocalChart("lab/charts", path.join(root, "lab")), false);
  });
});
