import assert from "node:assert/strict";

import type { BootstrapTimeline } from "../../components";
import { textOf } from "../support/assertFailed";
import { ExampleStack } from "../support/exampleStack";
import { InstalledExamples } from "../support/installedExamples";
import { requireBinaries, TestLab } from "../support/testLab";

describe("examples that import the packed library, on the lab", function () {
  this.timeout(420_000);
  this.slow(2000);
  let examples: InstalledExamples;
  let lab: TestLab;

  before(requireBinaries);
  before(async () => {
    examples = await InstalledExamples.install();
  });
  after(() => examples?.remove());

  afterEach(() => lab?.stop());

  const timeline = async (stack: ExampleStack) =>
    (await stack.outputs<{ bootstrapTimeline: BootstrapTimeline }>()).bootstrapTimeline;
  async function start(machines: number): Promise<void> {
    lab = await TestLab.start({ controlPlanes: machines });
  }

  it("wholeCluster comes up, and its namespace behind the gate", async () => {
    await start(1);
    const stack = await examples.bringUp(lab, "wholeCluster", "home");
    assert.ok((await timeline(stack)).allReady);
    assert.equal((await stack.outputs<{ namespace: string }>()).namespace, "apps");
  });

  it("environments differ by their stack files only: one comes up, the other is previewed", async () => {
    await start(1);
    const stack = await examples.bringUp(lab, "environments", "staging");
    assert.ok((await timeline(stack)).allReady);
    const production = await ExampleStack.open(lab, examples.at("environments"), "production");
    const preview = textOf(await production.run("preview"));
    for (const node of [1, 2, 3]) assert.match(preview, new RegExp(`production-cp-${node}-apply`));
  });
});
