import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { labBinaries, requireBinaries } from "../../support/testLab";
import { MISREADINGS, READINGS, REFUSED } from "./readings";

describe("how Pulumi's CLI reads stack files (ours is compared elsewhere with the same table)", function () {
  this.timeout(60_000);
  let dir: string;

  const pulumi = (...args: string[]) =>
    spawnSync(labBinaries()!["pulumi"]!, [...args, "--non-interactive"], {
      cwd: dir,
      encoding: "utf8",
      env: {
        ...process.env,
        PULUMI_BACKEND_URL: `file://${dir}/state`,
        PULUMI_HOME: `${dir}/home`,
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    });
  const read = (text: string) => {
    writeFileSync(path.join(dir, "Pulumi.s.yaml"), text);
    return pulumi("config", "--json", "--stack", "s");
  };

  before(requireBinaries);
  before(() => {
    dir = mkdtempSync(path.join(tmpdir(), "pulumi-reads-"));
    for (const each of ["state", "home"]) mkdirSync(path.join(dir, each));
    writeFileSync(path.join(dir, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
    writeFileSync(path.join(dir, "Pulumi.s.yaml"), "config: {}\n");
    const { status, stderr } = pulumi("stack", "init", "s");
    assert.equal(status, 0, stderr);
  });
  after(() => dir && rmSync(dir, { recursive: true, force: true }));

  it("gives the values of the table", () => {
    const table = [...READINGS, ...MISREADINGS];
    const keys = table.map(([written], index) => `  p:v${index}:\n    v: ${written}\n`);
    const { status, stdout, stderr } = read(`config:\n${keys.join("")}`);
    assert.equal(status, 0, stderr);
    const shown = JSON.parse(stdout) as Record<string, { objectValue: unknown }>;
    for (const [index, [written, value]] of table.entries()) {
      assert.deepEqual(shown[`p:v${index}`]?.objectValue, { v: value }, written);
    }
  });

  it("puts the project before a key without one", () => {
    assert.match(read("config:\n  cluster: {a: 1}\n").stdout, /"p:cluster"/);
  });

  for (const [name, text] of REFUSED) {
    it(`refuses ${name}`, () => assert.notEqual(read(text).status, 0));
  }
});
