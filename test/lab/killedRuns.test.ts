import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";

import { textOf } from "../support/assertFailed";
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

/** As a run leaves the state that died between the deed and the note. */
async function forgetResource(lab: TestLab, name: string): Promise<void> {
  const state = (await lab.exportState()) as { deployment: { resources: { urn: string }[] } };
  const urn = state.deployment.resources.find((each) => each.urn.endsWith(`::${name}`))!.urn;
  const isIt = (item: unknown) => item === urn || (item as { urn?: string } | null)?.urn === urn;
  const forgetful = JSON.stringify(state, (_key, value: unknown) =>
    Array.isArray(value) ? value.filter((item) => !isIt(item)) : value,
  );
  const file = path.join(lab.dir, "forgetful.json");
  writeFileSync(file, forgetful);
  await lab.shell(`pulumi stack import --file ${file}`);
}
