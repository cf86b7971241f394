import assert from "node:assert/strict";

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
    await lab.up();
    const bootstraps = lab.printed.filter((line) => /talos-bootstrap created/.test(line));
    assert.equal(bootstraps.length, 1);
    await lab.up(["--expect-no-changes"]);
  });
});
