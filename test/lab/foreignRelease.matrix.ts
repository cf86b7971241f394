import assert from "node:assert/strict";

import type { ClusterSpecInput } from "../../components";
import { assertFailed, textOf } from "../support/assertFailed";
import { putRevision } from "../support/putRevision";
import { requireBinaries, TestLab } from "../support/testLab";

describe("a release that somebody else is at (machines are simulated)", function () {
  this.timeout(180_000);
  let lab: TestLab;
  const withCilium = (cilium: Partial<ClusterSpecInput["cilium"]>) =>
    lab.writeStack({ ...lab.spec, cilium: { ...lab.spec.cilium, ...cilium } });

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start();
    await lab.up();
  });
  after(async () => lab?.stop());

  it("waits for a revision that a person may be installing now", async () => {
    await putRevision(lab, "pending-upgrade", 0);
    withCilium({ timeout: "5s", values: { debug: { enabled: true } } });
    const result = await lab.up();
    assert.match(textOf(result), /somebody may be at it|pending-upgrade since/);
    assert.ok(result.seconds > 5, `it did not wait: ${result.seconds} s`);
  });

  it("leaves a deployed release alone that the state does not know, and says how to take it over", async () => {
    const release = await urnOf(lab, "talos-release");
    await lab.shell(`pulumi state delete --yes --target-dependents '${release}'`);
    const before = await revisions(lab);
    withCilium({ values: { debug: { enabled: false } } });
    const result = await lab.run("up");
    assertFailed(result, 30, /release cilium in kube-system is there already .*deployed/);
    assert.equal(await revisions(lab), before);
    const line = textOf(result).match(/pulumi import .*/)![0];
    assert.match(await lab.shell(line), /talos-release imported/);
    assert.equal(await revisions(lab), before);
    assert.match(textOf(await lab.up()), /talos-release updated/);
  });
});

async function urnOf(lab: TestLab, name: string): Promise<string> {
  const { deployment } = (await lab.exportState()) as {
    deployment: { resources: { urn: string }[] };
  };
  return deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`))!.urn;
}

/** The stored revisions of the release, each with the version of its Secret. */
async function revisions(lab: TestLab): Promise<string> {
  const fields =
    "jsonpath={range .items[*]}{.metadata.name} {.metadata.resourceVersion}{'\\n'}{end}";
  return lab.kubectl([
    ...["-n", "kube-system", "get", "secrets", "-l", "owner=helm,name=cilium"],
    ...["-o", fields],
  ]);
}
