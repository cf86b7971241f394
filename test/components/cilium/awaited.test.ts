import assert from "node:assert/strict";

import { awaitedOf } from "../../../components/cilium/awaited";
import { ciliumObjects } from "../../../components/cilium/objects";
import { type CiliumSpecInput, parseCiliumSpec } from "../../../components/spec";

function awaited(cilium: Partial<CiliumSpecInput>) {
  const { spec } = parseCiliumSpec({ version: "1.20.0", ...cilium });
  return awaitedOf(spec!, ciliumObjects(spec!));
}

describe("awaitedOf (what is waited for, not who brings it)", () => {
  const gatewayAPI = { crds: "external" };
  const lbIPAM = { pools: { home: { blocks: [{ cidr: "10.5.0.128/26" }] } } };
  const gatewayClass = "cilium";
  const crds = ["ciliumloadbalancerippools.cilium.io"];
  const cases: [string, Partial<CiliumSpecInput>, object][] = [
    ["nothing more where no feature asks for it", {}, {}],
    ["the class of Gateway API", { gatewayAPI }, { gatewayClass }],
    ["the CRDs of objects behind the gate", { lbIPAM }, { crds }],
    [
      "both, whatever installs Cilium",
      { gatewayAPI, lbIPAM, installMethod: "manifests" },
      { crds, gatewayClass },
    ],
    ["nothing that only Flux brings", { gatewayAPI, lbIPAM, managedBy: "flux" }, {}],
    ["nothing that only Argo CD brings", { gatewayAPI, lbIPAM, managedBy: "argocd" }, {}],
  ];
  for (const [what, cilium, expected] of cases) {
    it(what, () => assert.deepEqual(awaited(cilium), expected));
  }
});
