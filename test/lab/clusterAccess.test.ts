import assert from "node:assert/strict";

import { textOf } from "../support/assertFailed";
import { requireBinaries, TestLab } from "../support/testLab";

describe("a renewed kubeconfig and a moved endpoint (machines are simulated)", function () {
  this.timeout(180_000);
  this.slow(60_000);
  let lab: TestLab;

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start();
    await lab.up();
  });
  after(async () => lab?.stop());

  it("replace nothing", async () => {
    const { port, hostname } = new URL(lab.spec.clusterEndpoint);
    const names = lab.spec.certSANs ?? [];
    lab.writeStack({
      ...lab.spec,
      clusterEndpoint: `https://localhost:${port}`,
      certSANs: [...names, hostname, "localhost"],
    });
    const preview = await lab.run("preview", ["--diff"]);
    assert.equal(preview.exitCode, 0, textOf(preview));
    assert.doesNotMatch(textOf(preview), /replace|delete/i);
    assert.match(textOf(preview), /to update/);
  });
});
