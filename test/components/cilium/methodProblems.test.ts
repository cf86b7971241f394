import assert from "node:assert/strict";

import { methodProblems, methodWarnings } from "../../../components/cilium/methodProblems";
import { parseCiliumSpec } from "../../../components/spec";

const POOLS = { pools: { home: { blocks: [{ cidr: "10.5.0.128/26" }] } } };
const CLI = { version: "0.19.7" };
const URL = "http://10.5.0.5/cilium.yaml";

const specOf = (cilium: object) => parseCiliumSpec({ version: "1.20.0", ...cilium }).spec!;
const problemsOf = (cilium: object) => methodProblems(specOf(cilium));
const idsOf = (cilium: object) => problemsOf(cilium).map(({ id }) => id);

describe("methodProblems (what is refused, not what a method does)", () => {
  it("refuses objects that nothing waits for Cilium with", () => {
    const [problem, ...more] = problemsOf({ installMethod: "none", lbIPAM: POOLS });
    assert.deepEqual(more, []);
    assert.equal(problem?.id, "nothing-installs-cilium");
    assert.match(problem.reason, /^CiliumLoadBalancerIPPool home: /);
  });

  it("refuses Gateway API with a Cilium that starts before its CRDs can be there", () => {
    for (const method of [
      { installMethod: "inline" },
      { installMethod: "hosted", hosted: { url: URL } },
      { installMethod: "job", cli: CLI },
    ]) {
      assert.deepEqual(idsOf({ ...method, gatewayAPI: {} }), ["gateway-api-inline"]);
    }
    assert.deepEqual(idsOf({ installMethod: "manifests", gatewayAPI: {} }), []);
    assert.deepEqual(idsOf({ installMethod: "cli", cli: CLI, gatewayAPI: {} }), []);
  });

  it("takes them where Cilium is installed, and none without them", () => {
    assert.deepEqual(problemsOf({ lbIPAM: POOLS }), []);
    assert.deepEqual(problemsOf({ installMethod: "none" }), []);
  });

  it("asks for what a method goes by", () => {
    assert.deepEqual(problemsOf({ installMethod: "hosted" })[0]?.propertyPath, "cilium.hosted");
    for (const installMethod of ["cli", "job"]) {
      const [problem] = problemsOf({ installMethod });
      assert.deepEqual([problem?.id, problem?.propertyPath], ["method-settings", "cilium.cli"]);
    }
  });

  for (const [url, ids] of [
    [URL, []],
    ["https://files.example.org/a/cilium.yaml?x=1", []],
    ["ftp://10.5.0.5/cilium.yaml", ["hosted-url"]],
    ["/srv/cilium.yaml", ["hosted-url"]],
    ["https://me:pass@files.example.org/cilium.yaml", ["hosted-url"]],
  ] as const) {
    it(`${ids.length > 0 ? "refuses" : "takes"} ${url}, and shows no password`, () => {
      const found = problemsOf({ installMethod: "hosted", hosted: { url } });
      assert.deepEqual(
        found.map(({ id }) => id),
        ids,
      );
      assert.doesNotMatch(JSON.stringify(found), /me:pass/);
    });
  }

  for (const [installMethod, chart, ids] of [
    ["cli", "./charts/cilium", []],
    ["cli", "lab/charts/cilium", []],
    ["cli", "./cilium-1.20.0.tgz", ["cli-chart"]],
    ["cli", "cilium/cilium", ["cli-chart"]],
    ["cli", "mine", ["cli-chart"]],
    ["cli", "https://example.com/cilium-1.20.0.tgz", ["cli-chart"]],
    ["cli", "oci://quay.io/cilium/charts/mine", ["cli-chart"]],
    ["cli", `oci://quay.io/cilium/charts/cilium@sha256:${"0".repeat(64)}`, ["cli-chart"]],
    ["cli", "oci://quay.io/cilium/charts/cilium:1.20.0", []],
    ["release", "cilium/cilium", []],
    ["release", "mine", []],
    ["job", "./charts/cilium", ["cli-chart"]],
    ["job", "lab/charts/cilium", ["cli-chart"]],
    ["job", "cilium/cilium", ["cli-chart"]],
    ["job", "cilium", []],
    ["job", "oci://quay.io/cilium/charts/cilium", []],
  ] as const) {
    it(`${ids.length > 0 ? "refuses" : "takes"} the chart ${chart} with ${installMethod}`, () => {
      assert.deepEqual(idsOf({ installMethod, chart, cli: CLI }), ids);
    });
  }

  it("tells of the Job's trap, and of no other method", () => {
    const [warning] = methodWarnings(specOf({ installMethod: "job", cli: CLI }));
    assert.equal(warning?.id, "job-legacy");
    assert.match(warning.reason, /upgrade-k8s.* fails at the changed Job/);
    assert.deepEqual(methodWarnings(specOf({ installMethod: "inline" })), []);
  });
});
