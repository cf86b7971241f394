import assert from "node:assert/strict";

import { type NotedMethod, pruningFindings } from "../../../components/cilium/pruning";

const INLINE: NotedMethod = {
  installMethod: "inline",
  byTalos: ["ConfigMap kube-system/cilium-config", "DaemonSet kube-system/cilium"],
};

describe("pruningFindings (what is said, not what Talos deletes)", () => {
  it("lists what leaves the configuration of machines, for a method and for a smaller chart", () => {
    for (const installMethod of ["release", "manifests"] as const) {
      const to = { installMethod, talos: "v1.13.2" };
      const [found, ...more] = pruningFindings(INLINE, to);
      assert.deepEqual(more, []);
      assert.equal(found?.id, "talos-prunes");
      assert.equal(found.warns, true);
      assert.equal(found.got, installMethod);
      assert.match(found.reason, /: ConfigMap kube-system\/cilium-config, DaemonSet /);
      assert.match(found.fix, /--manifests-no-prune/);
    }
    const smaller = { ...INLINE, byTalos: INLINE.byTalos!.slice(1) };
    assert.match(pruningFindings(INLINE, smaller)[0]!.reason, /: ConfigMap[^,]*$/);
  });

  it("says nothing where it stays, in a new state, or with a Talos that prunes nothing", () => {
    assert.deepEqual(pruningFindings(INLINE, { ...INLINE, installMethod: "hosted" }), []);
    assert.deepEqual(pruningFindings({}, INLINE), []);
    assert.deepEqual(pruningFindings({ installMethod: "inline" }, {}), []);
    assert.deepEqual(pruningFindings(INLINE, { talos: "v1.12.4" }), []);
    assert.equal(pruningFindings(INLINE, {}).length, 1);
  });
});
