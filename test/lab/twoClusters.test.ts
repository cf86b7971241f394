import assert from "node:assert/strict";
import path from "node:path";

import { requireBinaries, TestLab } from "../support/testLab";

const PROGRAM = path.resolve(__dirname, "..", "fixtures", "programs", "twoClusters");

describe("two clusters in one program (they are not meshed)", function () {
  this.timeout(180_000);
  this.slow(60_000);
  let lab: TestLab;

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start({
      controlPlanes: 2,
      projectDirectory: PROGRAM,
      spec: (spec) => ({ ...spec, allowSchedulingOnControlPlanes: true }),
    });
  });
  after(async () => lab?.stop());

  it("come up side by side, each with its own gates and measurements", async () => {
    await lab.up();
    const { timelines } = (await lab.outputs()) as { timelines: Record<string, string>[] };
    assert.equal(timelines.length, 2);
    for (const timeline of timelines) assert.ok(timeline["allReady"], JSON.stringify(timeline));
    assert.deepEqual([...lab.running.status().clusters].sort(), ["east", "west"]);
  });

  it("change nothing in a second run", async () => {
    const before = await lab.mutatingCalls();
    await lab.up(["--expect-no-changes"]);
    assert.deepEqual(await lab.mutatingCalls(), before);
  });
});
