import assert from "node:assert/strict";

import { InstalledExamples } from "../support/installedExamples";
import { requireBinaries, TestLab } from "../support/testLab";

describe("the example of environments (machines are simulated)", function () {
  this.timeout(420_000);
  this.slow(60_000);
  let examples: InstalledExamples;
  let lab: TestLab;

  before(requireBinaries);
  before(async () => {
    examples = await InstalledExamples.install();
    lab = await TestLab.start({ controlPlanes: 1 });
  });
  after(async () => {
    await lab?.stop();
    examples?.remove();
  });

  it("comes up as staging, and a second run changes nothing", async () => {
    const stack = await examples.bringUp(lab, "environments", "staging");
    assert.ok(await stack.allReady());
    await stack.run("up", "--expect-no-changes");
  });
});
