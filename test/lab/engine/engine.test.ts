import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { lookForBinary } from "../../../lab/binaries/ensureBinaries";
import { Engine } from "../../../lab/engine/engine";
import { stackLocks } from "../../../lab/engine/staleLocks";

/** JavaScript: how TypeScript gets into a program is tested elsewhere, and takes a second of each run. */
const PROJECT = "name: gates\nruntime: {name: nodejs, options: {typescript: false}}\n";

const QUIET = `
const { Stash } = require("@pulumi/pulumi/stash");
module.exports = async () => ({ kept: new Stash("kept", { input: "x" }).output });
`;

const CONFIGURED = `
const { Config } = require("@pulumi/pulumi");
const { Stash } = require("@pulumi/pulumi/stash");
module.exports = async () => ({ kept: new Stash("kept", { input: new Config("gates").get("a") }).output });
`;

/** A hook that waits for a file, as a gate waits for a cluster. */
const WAITING = `
const { existsSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { Stash } = require("@pulumi/pulumi/stash");
const gate = new pulumi.ResourceHook("gate", async () => {
  await pulumi.log.info("the gate waits");
  while (!existsSync("open")) await new Promise((resolve) => setTimeout(resolve, 50));
});
module.exports = async () => ({ kept: new Stash("kept", { input: "x" }, { hooks: { beforeCreate: [gate] } }).output });
`;

describe("Engine, with the real Pulumi CLI (no provider: those have their own tests)", function () {
  this.timeout(60_000);
  let cli: string;
  let dir: string;

  before(function () {
    const found = lookForBinary("pulumi");
    if (!found) {
      console.log("      skipped: there is no Pulumi CLI here; `npm test` gets one");
      this.skip();
    }
    cli = found;
  });

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "engine-"));
    writeFileSync(path.join(dir, "Pulumi.yaml"), PROJECT);
    writeFileSync(path.join(dir, "Pulumi.dev.yaml"), "config:\n  gates:a: 1\n");
    writeFileSync(path.join(dir, "package.json"), '{"name":"gates","main":"index.js"}');
    symlinkSync(path.resolve(__dirname, "../../../node_modules"), path.join(dir, "node_modules"));
  });

  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const program = (text: string) => writeFileSync(path.join(dir, "index.js"), text);
  const open = () =>
    Engine.open({
      cli,
      projectDirectory: dir,
      stackName: "dev",
      stackFile: path.join(dir, "Pulumi.dev.yaml"),
      dir: path.join(dir, ".lab"),
    });

  it("previews, brings up, changes nothing, gives the outputs, destroys; the clone stays clean", async () => {
    program(QUIET);
    const before = readdirSync(dir).sort();
    const engine = await open();
    assert.match((await engine.run("preview")).stdout, /\+ 2 to create/);
    assert.match((await engine.run("up")).stdout, /\+ 2 created/);
    assert.match((await engine.run("up")).stdout, /2 unchanged/);
    assert.deepEqual(await engine.outputs(), { kept: "x" });
    assert.match((await engine.run("destroy")).stdout, /- 2 deleted/);
    assert.deepEqual(readdirSync(dir).sort(), [...before, ".lab"].sort());
    assert.equal(
      readFileSync(path.join(dir, "Pulumi.dev.yaml"), "utf8"),
      "config:\n  gates:a: 1\n",
    );
  });

  it("gives the program the same text in the first run and in the next, also a folded one", async () => {
    program(CONFIGURED);
    const folded = "config:\n  gates:a: >\n    cluster:\n      name: one\n";
    writeFileSync(path.join(dir, "Pulumi.dev.yaml"), folded);
    const engine = await open();
    assert.match((await engine.run("up")).stdout, /\+ 2 created/);
    const { stdout } = await (await open()).run("up", { args: ["--expect-no-changes"] });
    assert.match(stdout, /2 unchanged/);
  });

  it("heals a run whose CLI was killed: its lock, its plugins, its program", async function () {
    if (!existsSync("/proc/self/environ")) this.skip();
    program(WAITING);
    const engine = await open();
    const backend = path.join(dir, ".lab/engine/backend");
    const killed = await engine.run("up", {
      onLine: (line) => {
        const [lock] = stackLocks(backend);
        if (line.includes("the gate waits") && lock) process.kill(lock.pid, "SIGKILL");
      },
    });
    assert.notEqual(killed.exitCode, 0);
    assert.equal(stackLocks(backend).length, 1, "the killed CLI left no lock: nothing to heal");

    writeFileSync(path.join(dir, "open"), "");
    const next = await open();
    assert.match(next.healed.join(), /removed the lock of a run that was killed/);
    assert.equal((await next.run("up")).exitCode, 0);
    assert(!execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).includes(dir));
  });

  it("refuses to run beside another run, and names it; that one ends at an interrupt although a hook waits", async () => {
    program(WAITING);
    const engine = await open();
    const controller = new AbortController();
    let second: Promise<unknown> | undefined;
    let interruptedAt = 0;
    const first = await engine.run("up", {
      signal: controller.signal,
      onLine: (line) => {
        if (!line.includes("the gate waits") || second) return;
        second = open().catch((error: Error) => error);
        void second.finally(() => {
          interruptedAt = Date.now();
          controller.abort();
        });
      },
    });
    assert.match(String(await second), /Pulumi is at work on stack dev \(pid \d+ on /);
    assert.equal(first.interrupted, true);
    assert.notEqual(first.exitCode, 0);
    assert(Date.now() - interruptedAt < 15_000, "the interrupt was waited for");
    assert.equal(engine.endLeftovers(), 0);
  });

  it("ends a program that fails in seconds, with its error and nothing else's", async () => {
    program(
      `const pulumi = require("@pulumi/pulumi");\nthrow new pulumi.RunError("two problems");`,
    );
    const result = await (await open()).run("preview");
    assert.notEqual(result.exitCode, 0);
    assert.match(result.stdout, /error: two problems/);
  });
});
