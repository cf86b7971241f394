import assert from "node:assert/strict";

import { isCilium, kindOf } from "../../../policy/rules/resourceTypes";

const RELEASE = "kubernetes:helm.sh/v3:Release";

describe("types of resources, as pure functions (from what the engine names them)", () => {
  const charts: [chart: string, cilium: boolean][] = [
    ["cilium", true],
    ["./lab/charts/cilium", true],
    ["oci://quay.io/cilium/charts/cilium", true],
    ["cilium/cilium", true],
    ["./cilium-1.20.0.tgz", true],
    ["cilium-extras", false],
    ["cilium/tetragon", false],
  ];
  for (const [chart, cilium] of charts) {
    it(`chart ${chart} is ${cilium ? "" : "not "}Cilium`, () =>
      assert.equal(isCilium(RELEASE, { chart }), cilium));
  }

  it("knows kinds of Kubernetes objects, and charts for none", () => {
    assert.equal(kindOf("kubernetes:networking.k8s.io/v1:Ingress"), "Ingress");
    assert.equal(kindOf("kubernetes:core/v1:Service"), "Service");
    assert.equal(kindOf(RELEASE), undefined);
    assert.equal(kindOf("kubernetes:yaml/v2:ConfigFile"), undefined);
    assert.equal(kindOf("talos:machine/bootstrap:Bootstrap"), undefined);
    assert.equal(kindOf("pulumi:providers:kubernetes"), undefined);
  });
});
