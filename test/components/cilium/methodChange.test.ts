import assert from "node:assert/strict";

import { type NotedMethod, methodChangeFindings } from "../../../components/cilium/methodChange";

const INLINE: NotedMethod = {
  installMethod: "inline",
  byTalos: ["ConfigMap kube-system/cilium-config", "DaemonSet kube-system/cilium"],
};

describe("methodChangeFindings (what is said, not what Talos deletes)", () => {
  it("lists what leaves the configuration of machines, for a method and for a smaller chart", () => {
    for (const to of [{}, { installMethod: "manifests" }] as const) {
      const [found, ...more] = methodChangeFindings(INLINE, to, "v1.13.2");
      assert.deepEqual(more, []);
      assert.equal(found?.id, "talos-prunes");
      assert.equal(found.warns, true);
      assert.match(found.reason, /: ConfigMap kube-system\/cilium-config, DaemonSet /);
      assert.match(found.fix, /--manifests-no-prune/);
    }
    const smaller = { ...INLINE, byTalos: INLINE.byTalos!.slice(1) };
    assert.match(methodChangeFindings(INLINE, smaller)[0]!.reason, /: ConfigMap[^,]*$/);
  });

  it("says nothing where it stays, in a new state, or with a Talos that prunes nothing", () => {
    assert.deepEqual(methodChangeFindings(INLINE, { ...INLINE, installMethod: "hosted" }), []);
    assert.deepEqual(methodChangeFindings({}, INLINE), []);
    assert.deepEqual(methodChangeFindings({ installMethod: "inline" }, {}), []);
    assert.deepEqual(methodChangeFindings(INLINE, {}, "v1.12.4"), []);
    assert.equal(methodChangeFindings(INLINE, {}).length, 1);
  });
});
