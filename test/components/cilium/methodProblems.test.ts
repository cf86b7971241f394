import assert from "node:assert/strict";

import { methodProblems } from "../../../components/cilium/methodProblems";
import { parseCiliumSpec } from "../../../components/spec";

const POOLS = { pools: { home: { blocks: [{ cidr: "10.5.0.128/26" }] } } };

function problemsOf(cilium: object) {
  return methodProblems(parseCiliumSpec({ version: "1.20.0", ...cilium }).spec!);
}

describe("methodProblems (what is refused, not what a method does)", () => {
  it("refuses objects that nothing waits for Cilium with", () => {
    const [problem, ...more] = problemsOf({ installMethod: "none", lbIPAM: POOLS });
    assert.deepEqual(more, []);
    assert.equal(problem?.id, "nothing-installs-cilium");
    assert.match(problem.reason, /^CiliumLoadBalancerIPPool home: /);
  });

  it("refuses Gateway API with a Cilium that starts before its CRDs can be there", () => {
    const [problem] = problemsOf({ installMethod: "inline", gatewayAPI: {} });
    assert.equal(problem?.id, "gateway-api-inline");
    assert.deepEqual(problemsOf({ installMethod: "manifests", gatewayAPI: {} }), []);
  });

  it("takes them where Cilium is installed, and none without them", () => {
    assert.deepEqual(problemsOf({ lbIPAM: POOLS }), []);
    assert.deepEqual(problemsOf({ installMethod: "none" }), []);
  });
});
