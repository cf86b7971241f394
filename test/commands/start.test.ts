import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { ROOT } from "./support/environment";

describe("commands/start.mjs in a clone without npm packages (npm is a stub)", () => {
  let dir: string;
  const at = (...names: string[]) => path.join(dir, ...names);
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "commands-"));
    for (const folder of ["commands", "bin"]) mkdirSync(at(folder));
    for (const file of [
      "start.mjs",
      "nodePackages.js",
      "typeScript.js",
      "compileCache.js",
      "sourceMaps.js",
    ]) {
      copyFileSync(path.join(ROOT, "commands", file), at("commands", file));
    }
    const lockfile = { packages: { "node_modules/tsx": { version: "4.0.0" } } };
    writeFileSync(at("package-lock.json"), JSON.stringify(lockfile));
    const stub = `#!/bin/sh\necho "$@" > "${at("npm-was-called")}"\n`;
    writeFileSync(at("bin/npm"), stub, { mode: 0o755 });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const start = (command: string) =>
    spawnSync(process.execPath, [at("commands/start.mjs"), command], {
      encoding: "utf8",
      env: { ...process.env, PATH: `${at("bin")}${path.delimiter}${process.env["PATH"]}` },
    });

  it("installs them before it checks a stack file", () => {
    start("validate");
    assert.ok(existsSync(at("npm-was-called")));
  });

  it("lets the doctor change nothing, and say what to do", () => {
    const { status, stderr } = start("doctor");
    assert.equal(status, 1);
    assert.match(stderr, /^error: the npm packages are not installed: run `npm ci`/);
    assert.equal(existsSync(at("npm-was-called")), false);
  });
});
