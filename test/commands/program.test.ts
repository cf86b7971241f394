import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { ROOT } from "./support/environment";

describe("commands/program.js, which Node loads before the program (that it saves time is for bench/preview.ts)", () => {
  let clone: string;
  const at = (...names: string[]) => path.join(clone, ...names);

  beforeEach(() => {
    clone = mkdtempSync(path.join(tmpdir(), "program-"));
    for (const folder of ["commands", "components/part", "sdks/talos", "talosApi"]) {
      mkdirSync(at(folder), { recursive: true });
    }
    for (const file of readdirSync(path.join(ROOT, "commands"))) {
      if (file.endsWith(".js"))
        copyFileSync(path.join(ROOT, "commands", file), at("commands", file));
    }
    copyFileSync(path.join(ROOT, "tsconfig.json"), at("tsconfig.json"));
    symlinkSync(path.join(ROOT, "node_modules"), at("node_modules"));
    writeFileSync(at("package.json"), "{}");
    writeFileSync(at("components/part/index.ts"), "export const value: number = 42;\n");
  });
  afterEach(() => rmSync(clone, { recursive: true, force: true }));

  const run = () =>
    spawnSync(process.execPath, ["--require", "./commands/program.js", "./index.ts"], {
      ...{ cwd: clone, encoding: "utf8" },
      env: { ...process.env, TALOS_CILIUM_COMPILED: undefined, NODE_OPTIONS: "" },
    });
  const said = () => {
    const { stdout, stderr, status } = run();
    assert.equal(status, 0, stderr);
    return stdout.trim();
  };

  it("runs TypeScript, imports of folders too, the same at the first start and the next", () => {
    writeFileSync(
      at("index.ts"),
      `class Part { constructor(readonly name: string) {} }
      void import("./components/part").then(({ value }) => console.log(new Part("a").name, value));`,
    );
    assert.deepEqual([said(), said()], ["a 42", "a 42"]);
  });

  it("runs what changed, and files beside those that it knows", () => {
    writeFileSync(at("index.ts"), `import { value } from "./mine";\nconsole.log(value);`);
    writeFileSync(at("mine.ts"), "export const value: number = 1;");
    assert.equal(said(), "1");
    writeFileSync(at("mine.ts"), "export const value: number = 2;");
    assert.equal(said(), "2");
  });

  it("runs files beside the clone, as those of a linked package are", () => {
    const beside = mkdtempSync(path.join(tmpdir(), "beside-"));
    writeFileSync(path.join(beside, "linked.ts"), "export const value: number = 3;");
    writeFileSync(at("index.ts"), `import { value } from "${beside}/linked";\nconsole.log(value);`);
    assert.deepEqual([said(), said()], ["3", "3"]);
    rmSync(beside, { recursive: true });
  });

  it("shows the places in the source that an error comes from", () => {
    const index = `interface Long {\n  gone: true;\n}\n\nexport function fail(_: Long): void {\n  throw new Error("told");\n}\nfail({ gone: true });\n`;
    writeFileSync(at("index.ts"), index);
    for (const start of ["first", "next"]) {
      const { stderr } = run();
      assert.match(stderr, /Error: told\n +at fail \(.*index\.ts:6:9\)\n/, start);
      assert.match(stderr, /at .*index\.ts:8:1\)?\n/, start);
    }
  });

  it("names file and line of each syntax error, once", () => {
    writeFileSync(at("index.ts"), "const = 1;\n");
    writeFileSync(at("components/part/index.ts"), "\nexport const value: = 2;\n");
    const { status, stderr } = run();
    assert.notEqual(status, 0);
    assert.match(stderr, /index\.ts:1:6: ERROR/);
    assert.doesNotMatch(stderr, /\[ERROR\]/);
    assert.match(stderr, /components\/part\/index\.ts:2:20: ERROR/);
  });

  it("leaves the SDK's compiler and npm's trees until a function is stored", () => {
    writeFileSync(
      at("index.ts"),
      `import * as pulumi from "@pulumi/pulumi";
      const loaded = () =>
        ["typescript/lib/typescript.js", "@npmcli/arborist/lib/index.js"].map(
          (file) => Object.keys(require.cache).some((each) => each.endsWith(file)),
        );
      const before = loaded();
      void pulumi.runtime.serializeFunction(() => 7).then(async ({ text }) => {
        await pulumi.runtime.computeCodePaths();
        console.log(JSON.stringify([before, loaded(), text.includes("7")]));
      });`,
    );
    assert.deepEqual(JSON.parse(said()), [[false, false], [true, true], true]);
  });

  it("is what Pulumi.yaml names", () => {
    const given = execFileSync("grep", ["nodeargs", path.join(ROOT, "Pulumi.yaml")]).toString();
    assert.match(given, /--require \.\/commands\/program\.js$/m);
  });
});
