import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const HOOK = path.resolve(__dirname, "../../commands/compileCache.js");

describe("compileCache (that it saves time is for bench/preview.ts)", () => {
  let dir: string;
  const at = (...names: string[]) => path.join(dir, ...names);
  const program = (text: string) => writeFileSync(at("main.js"), text);
  const run = (env: NodeJS.ProcessEnv = { TALOS_CILIUM_COMPILED: at("compiled") }) =>
    execFileSync(process.execPath, ["--require", HOOK, at("main.js")], {
      encoding: "utf8",
      stdio: "pipe",
      env: { ...process.env, ...env },
    }).trim();
  const kept = () => {
    const [version] = readdirSync(at("compiled"));
    assert(version);
    const [file] = readdirSync(at("compiled", version));
    assert(file);
    return at("compiled", version, file);
  };

  beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), "compile-cache-"))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("runs a program the same at the first, second and third start", () => {
    program(`#!/usr/bin/env node
      console.log(require.main === module, __filename, require("./other").value, typeof require.resolve);`);
    writeFileSync(at("other.js"), "exports.value = 42;");
    const first = run();
    assert.equal(first, `true ${at("main.js")} 42 function`);
    assert.deepEqual([run(), run()], [first, first]);
  });

  it("runs a changed program, also one of the same length", () => {
    program(`console.log("one");`);
    assert.equal(run(), "one");
    program(`console.log("two");`);
    assert.equal(run(), "two");
  });

  it("leaves ES modules to Node, required or imported", () => {
    mkdirSync(at("node_modules/esm"), { recursive: true });
    writeFileSync(at("node_modules/esm/package.json"), '{"type":"module","exports":"./i.js"}');
    writeFileSync(at("node_modules/esm/i.js"), "export const value = 7;");
    program(`import("esm").then(({ value }) => console.log(value, require("esm").value));`);
    assert.deepEqual([run(), run()], ["7 7", "7 7"]);
  });

  it("gives a syntax error as Node gives it", () => {
    program("const = 1;");
    assert.throws(() => run(), /SyntaxError: Unexpected token '='/);
  });

  it("keeps nothing where no folder is named", () => {
    program(`console.log("ran");`);
    assert.equal(run({ TALOS_CILIUM_COMPILED: "" }), "ran");
    assert.equal(existsSync(at("compiled")), false);
  });

  it("keeps what a transpiler made, and asks it again for a changed file", () => {
    program(`
      const Module = require("node:module");
      const register = () => {
        console.log("registered");
        Module._extensions[".ts"] = (module, file) => {
          console.log("transpiled");
          module._compile(require("node:fs").readFileSync(file, "utf8").replace(": number", ""), file);
        };
      };
      require(${JSON.stringify(HOOK)}).keepTranspiled(process.env.SETTINGS ?? "", register);
      require("./typed");`);
    const typed = (value: number) =>
      writeFileSync(at("typed.ts"), `const value: number = ${value};\nconsole.log(value);`);
    typed(1);
    assert.deepEqual([run(), run()], ["registered\ntranspiled\n1", "1"]);
    typed(2);
    assert.deepEqual([run(), run()], ["registered\ntranspiled\n2", "2"]);
    const other = { TALOS_CILIUM_COMPILED: at("compiled"), SETTINGS: "other" };
    assert.deepEqual([run(other), run(other)], ["registered\ntranspiled\n2", "2"]);
  });

  describe("on Node 20, where the cache is the lab's own", function () {
    before(function () {
      if (Number(process.versions.node.split(".")[0]) >= 22) this.skip();
    });

    it("writes only what changed, and keeps what this start did not load", () => {
      program(`require(process.env.PART ?? "./a"); console.log("ran");`);
      writeFileSync(at("a.js"), "module.exports = 1;");
      writeFileSync(at("b.js"), "module.exports = 2;");
      const folder = { TALOS_CILIUM_COMPILED: at("compiled") };
      run(folder);
      run({ ...folder, PART: "./b" });
      const both = readFileSync(kept());
      run(folder);
      run({ ...folder, PART: "./b" });
      assert(both.equals(readFileSync(kept())));
      assert.match(both.toString("latin1"), /a\.js.*b\.js/s);
    });

    it("forgets files that are gone", () => {
      program(`if (process.env.PART) require(process.env.PART); console.log("ran");`);
      writeFileSync(at("gone.js"), "module.exports = 'here';");
      const folder = { TALOS_CILIUM_COMPILED: at("compiled") };
      run({ ...folder, PART: "./gone" });
      assert.match(readFileSync(kept(), "latin1"), /gone\.js/);
      rmSync(at("gone.js"));
      program(`console.log("ran now");`);
      run(folder);
      assert.doesNotMatch(readFileSync(kept(), "latin1"), /gone\.js/);
    });

    it("survives a file that is cut off", () => {
      program(`console.log("ran");`);
      run();
      writeFileSync(kept(), readFileSync(kept()).subarray(0, 40));
      assert.equal(run(), "ran");
    });
  });
});
