import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { mendCutFiles } from "../../../lab/engine/cutFiles";

describe("mendCutFiles (files written here; killedRuns.matrix.ts kills a real CLI)", () => {
  let backend: string;
  const at = (file: string) => path.join(backend, ".pulumi/stacks/p", file);
  const write = (files: Record<string, string>) =>
    Object.entries(files).forEach(([file, text]) => writeFileSync(at(file), text));

  beforeEach(() => {
    backend = mkdtempSync(path.join(tmpdir(), "backend-"));
    mkdirSync(at("."), { recursive: true });
  });
  afterEach(() => rmSync(backend, { recursive: true, force: true }));

  it("removes attributes that were cut off", () => {
    write({ "dev.json": "{}", "dev.json.attrs": "" });
    assert.match(mendCutFiles(backend).join("\n"), /removed dev\.json\.attrs/);
    assert.equal(existsSync(at("dev.json.attrs")), false);
  });

  it("takes the backup of a checkpoint that was cut off", () => {
    write({ "dev.json": '{"version":3,"ch', "dev.json.bak": '{"version":3}' });
    assert.match(mendCutFiles(backend).join("\n"), /took the backup of dev\.json/);
    assert.equal(readFileSync(at("dev.json"), "utf8"), '{"version":3}');
  });

  it("leaves whole files alone, and what it cannot mend", () => {
    const files = { "dev.json": "{}", "dev.json.attrs": "{}", "dev.json.bak": '{"a":1}' };
    write({ ...files, "prod.json": "{" });
    assert.deepEqual(mendCutFiles(backend), []);
    assert.equal(readFileSync(at("dev.json"), "utf8"), "{}");
    assert.equal(readFileSync(at("prod.json"), "utf8"), "{");
  });

  it("finds nothing in a backend that was never used", () => {
    assert.deepEqual(mendCutFiles(path.join(backend, "none")), []);
  });
});
