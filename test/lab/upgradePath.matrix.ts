import assert from "node:assert/strict";

import type { ClusterSpecInput } from "../../components";
import { requireBinaries, TestLab } from "../support/testLab";

describe("the way between versions (that a preview refuses a jump; no machine is upgraded)", function () {
  this.timeout(300_000);
  let lab: TestLab;

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start({
      spec: (spec) => ({
        ...spec,
        talosVersion: "v1.11.6",
        configContract: "v1.11",
        kubernetesVersion: "1.33.4",
        cilium: { ...spec.cilium, version: "1.18.12" },
      }),
    });
    await lab.up();
  });
  after(async () => lab?.stop());

  async function preview(changes: Partial<ClusterSpecInput>, version?: string, meshId?: number) {
    const cilium = {
      ...lab.spec.cilium,
      ...(version && { version }),
      ...(meshId && { clusterMesh: { name: "home", id: meshId } }),
    };
    lab.writeStack({ ...lab.spec, ...changes, cilium });
    const { exitCode, stdout, stderr } = await lab.run("preview");
    return { passes: exitCode === 0, said: stdout + stderr };
  }

  it("refuses a jump and a way back in the preview, each by the state, and touches nothing", async () => {
    const before = await lab.mutatingCalls();
    const refused: [string, Partial<ClusterSpecInput>, string | undefined, RegExp][] = [
      ["Cilium", {}, "1.20.0", /version-jump[^]*the stack has Cilium 1\.18\.12[^]*go by 1\.19/],
      ["Talos", { talosVersion: "v1.13.0" }, undefined, /version-jump[^]*go by v1\.12/],
      ["Kubernetes", { kubernetesVersion: "1.32.9" }, undefined, /version-downgrade/],
    ];
    for (const [name, changes, cilium, message] of refused) {
      const { passes, said } = await preview(changes, cilium);
      assert.equal(passes, false, name);
      assert.match(said, message);
    }
    assert.deepEqual(await lab.mutatingCalls(), before);
  });

  it("lets one minor pass, and a jump whose rule is silenced, which it says", async () => {
    const next = await preview({ kubernetesVersion: "1.34.1" }, "1.19.6");
    assert.ok(next.passes, next.said);
    const jump = await preview({ silencedRules: ["version-jump"] }, "1.20.0");
    assert.ok(jump.passes, jump.said);
    assert.match(jump.said, /Silenced by silencedRules: version-jump/);
  });

  it("goes on from what the last update brought", async () => {
    const joined = await preview({}, "1.19.6", 1);
    assert.ok(joined.passes, joined.said);
    assert.match(joined.said, /mesh-joined/);
    await lab.up();
    const { passes, said } = await preview({}, "1.20.0", 1);
    assert.ok(passes, said);
    assert.doesNotMatch(said, /mesh-joined/);
  });

  it("refuses another id in a mesh than the last update brought, unless that is silenced", async () => {
    const refused = await preview({}, "1.19.6", 2);
    assert.equal(refused.passes, false);
    assert.match(refused.said, /clusterMesh\.id \[mesh-member-changed\][^]*set it back to 1/);
    const silenced = await preview({ silencedRules: ["mesh-member-changed"] }, "1.19.6", 2);
    assert.ok(silenced.passes, silenced.said);
  });
});
