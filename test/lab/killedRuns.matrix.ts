import assert from "node:assert/strict";

import { textOf } from "../support/assertFailed";
import { forgetResource } from "../support/forgetResource";
import { requireBinaries, TestLab } from "../support/testLab";

describe("a run that is killed at any moment (machines are simulated)", function () {
  this.timeout(240_000);
  this.slow(60_000);
  let lab: TestLab;

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start({ controlPlanes: 1, workers: 1 });
  });
  after(async () => lab?.stop());

  const moments = [
    /talos-secrets created/,
    /talos-cp-1-apply creating/,
    /talos-bootstrap created/,
    /talos-api-serves creating/,
    /talos-certificates created/,
    /talos-ready creating/,
  ];
  for (const moment of moments) {
    it(`is killed at ${moment.source}`, async () => {
      assert.equal(await lab.upKilledAt(moment), true, lab.printed.slice(-20).join("\n"));
    });
  }

  it("is continued by the next one, which bootstraps nothing again", async () => {
    // A second bootstrap would be answered AlreadyExists, and end the run.
    await lab.up();
    await lab.up(["--expect-no-changes"]);
  });

  it("is continued also where it bootstrapped and could not note it down", async () => {
    const { nodes } = await lab.mutatingCalls();
    await forgetResource(lab, "talos-bootstrap");
    await lab.up();
    assert.deepEqual((await lab.mutatingCalls()).nodes, nodes);
    const preview = await lab.run("preview", ["--expect-no-changes"]);
    assert.equal(preview.exitCode, 0, textOf(preview));
    await lab.up(["--expect-no-changes"]);
  });
});
