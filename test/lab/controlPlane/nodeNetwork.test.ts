import assert from "node:assert/strict";
import type { NodeFacts } from "../../../lab/controlPlane/clusterFacts";
import {
  agentSettings,
  cniAfter,
  hasNetwork,
  networkOf,
} from "../../../lab/controlPlane/nodeNetwork";

const config = { ipam: "cluster-pool", "custom-cni-conf": "true" };
const ofMoved = {
  spec: {
    nodeSelector: { matchLabels: { moved: "true" } },
    defaults: { "custom-cni-conf": "false" },
  },
};
const host = (facts: Partial<NodeFacts>) =>
  ({ podCIDR: "10.244.3.0/24", runningCNIs: new Set(), ...facts }) as NodeFacts;

describe("the pod network of a simulated node (whose it is, not that packets arrive)", () => {
  it("goes by cilium-config, and by a CiliumNodeConfig that selects the node", () => {
    const said = (labels: Record<string, string>) =>
      agentSettings(config, [ofMoved], labels)["custom-cni-conf"];
    assert.equal(said({}), "true");
    assert.equal(said({ moved: "false" }), "true");
    assert.equal(said({ moved: "true" }), "false");
  });

  it("is that of the first configuration on the node", () => {
    assert.equal(cniAfter(undefined, "flannel", {}), "flannel");
    assert.equal(cniAfter("flannel", "cilium-agent", config), "flannel");
    assert.equal(cniAfter("flannel", "cilium-agent", {}), "cilium-agent");
    assert.equal(cniAfter("cilium-agent", "flannel", {}), "cilium-agent");
    assert.equal(cniAfter(undefined, "cilium-agent", config), undefined);
    assert.equal(cniAfter("flannel", "other", {}), "flannel");
  });

  it("is there while that CNI runs on the node", () => {
    const both = new Set(["flannel", "cilium-agent"] as const);
    assert.ok(hasNetwork(host({ cni: "flannel", runningCNIs: both })));
    assert.ok(!hasNetwork(host({ cni: "flannel", runningCNIs: new Set(["cilium-agent"]) })));
    assert.ok(!hasNetwork(host({ cni: undefined, runningCNIs: both })));
    assert.ok(!hasNetwork(host({ cni: "flannel", runningCNIs: both, podCIDR: undefined })));
  });

  it("is a part of Cilium's pool of the node's own, or what Talos gave the node", () => {
    const ciliumPool = "10.245.0.0/16";
    assert.equal(networkOf(host({ cni: "flannel", ciliumPool })), "10.244.3.0/24");
    assert.equal(networkOf(host({ cni: "cilium-agent", ciliumPool })), "10.245.3.0/24");
    assert.equal(networkOf(host({ cni: "cilium-agent" })), "10.244.3.0/24");
  });
});
