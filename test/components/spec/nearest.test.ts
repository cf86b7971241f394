import assert from "node:assert/strict";

import { nearest } from "../../../components/spec/nearest";

describe("nearest", () => {
  for (const [word, known, best] of [
    ["ControlPlane", ["controlplane", "worker"], "controlplane"],
    ["kubernetsVersion", ["talosVersion", "kubernetesVersion"], "kubernetesVersion"],
    ["clutser", ["cluster"], "cluster"],
    ["no-reboot", ["reboot", "no_reboot"], "no_reboot"],
    ["ipAdress", ["hostname", "ipAddress"], "ipAddress"],
    ["gateway", ["gatewayAPI", "egressGateway"], "gatewayAPI"],
    ["firewall", ["hostFirewall", "datapath"], "hostFirewall"],
    ["bgp", ["bgpControlPlane", "datapath"], "bgpControlPlane"],
    ["policies", ["networkPolicies", "localRedirectPolicies"], undefined],
    ["foo", ["pods", "type", "files"], undefined],
    ["NopeConfig", ["BondConfig", "LinkConfig"], undefined],
    ["", ["a"], undefined],
    ["x", [], undefined],
  ] as const) {
    it(`of ${JSON.stringify(word)} is ${best ?? "none"}`, () => {
      assert.equal(nearest(word, known), best);
    });
  }
});
