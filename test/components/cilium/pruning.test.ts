import assert from "node:assert/strict";

import { type NotedMethod, pruningFindings } from "../../../components/cilium/pruning";

const INLINE: NotedMethod = {
  installMethod: "inline",
  byTalos: ["ConfigMap kube-system/cilium-config", "DaemonSet kube-system/cilium"],
};

describe("pruningFindings (what is said, not what Talos deletes)", () => {
  const smaller = INLINE.byTalos!.slice(1);
  const BOTH = /: ConfigMap kube-system\/cilium-config, DaemonSet kube-system\/cilium$/;
  const kept = /^run it with --manifests-no-prune/;
  const pruned = /^run it without --manifests-no-prune/;
  const changes: [string, NotedMethod, RegExp, RegExp][] = [
    ["to a release", { installMethod: "release" }, BOTH, kept],
    ["to manifests", { installMethod: "manifests" }, BOTH, kept],
    ["to somebody else", { installMethod: "none" }, BOTH, kept],
    ["of a value", { ...INLINE, byTalos: smaller }, /: ConfigMap[^,]*$/, pruned],
    [
      "to hosted, of a value too",
      { installMethod: "hosted", byTalos: smaller },
      /deletes them: ConfigMap[^,]*$/,
      pruned,
    ],
  ];
  for (const [what, to, reason, fix] of changes) {
    it(`lists what leaves the configuration of machines, and whether it may: ${what}`, () => {
      const [found, ...more] = pruningFindings(INLINE, { talos: "v1.13.2", ...to });
      assert.deepEqual(more, []);
      assert.equal(found?.id, "talos-prunes");
      assert.equal(found.warns, true);
      assert.equal(found.got, to.installMethod);
      assert.match(found.reason, reason);
      assert.match(found.fix, fix);
    });
  }

  it("says nothing where it stays, in a new state, or with a Talos that prunes nothing", () => {
    assert.deepEqual(pruningFindings(INLINE, { ...INLINE, installMethod: "hosted" }), []);
    assert.deepEqual(pruningFindings({}, INLINE), []);
    assert.deepEqual(pruningFindings({ installMethod: "inline" }, {}), []);
    assert.deepEqual(pruningFindings(INLINE, { talos: "v1.12.4" }), []);
    assert.equal(pruningFindings(INLINE, {}).length, 1);
  });
});
