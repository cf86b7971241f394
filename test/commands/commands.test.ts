import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { runCommand, writtenFile } from "./support/environment";

const FLAGS = ["--control-plane", "cp-1=10.5.0.11", "--worker", "worker-1=10.5.0.21"];

describe("the commands, as npm runs them (npm's own start is not timed)", function () {
  this.timeout(60_000);
  let dir: string;
  const at = (name: string) => path.join(dir, name);
  beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), "environment-"))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("new writes a file that validate takes at the first try", () => {
    const made = runCommand("new", ["home", ...FLAGS, "--install-disk", "/dev/sda"], { cwd: dir });
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, /Wrote Pulumi\.home\.yaml/);
    const [first] = readFileSync(at("Pulumi.home.yaml"), "utf8").split("\n");
    const schema = /^# yaml-language-server: \$schema=(.*)$/.exec(first!)?.[1];
    assert.ok(existsSync(path.resolve(dir, schema!)), first);
    const checked = runCommand("validate", ["Pulumi.home.yaml"], { cwd: dir });
    assert.equal(checked.status, 0, checked.stderr);
    assert.match(checked.stdout, /is valid: cluster home, 1 control plane and 1 worker, Talos v/);
    assert.equal(checked.stderr, "");
  });

  it("new says what each of its flags is for", () => {
    const { status, stdout } = runCommand("new", ["--help"]);
    assert.equal(status, 0);
    const said = stdout.match(/^ {2}(?:-\w, )?--[\w-]+(?: <\S+>)? .*/gm)!;
    assert.ok(said.length > 8, stdout);
    for (const line of said) assert.match(line, / {2}[A-Za-z]\S* \w/);
  });

  it("new says how it is called where nothing names an environment", () => {
    const { status, stderr } = runCommand("new", []);
    assert.equal(status, 1);
    assert.match(stderr, /argument 'environment'\n+Write npm run new -- home/);
  });

  it("new overwrites nothing", () => {
    writeFileSync(at("Pulumi.home.yaml"), "mine\n");
    const made = runCommand("new", ["home", ...FLAGS, "--install-disk", "/dev/sda"], { cwd: dir });
    assert.equal(made.status, 1);
    assert.match(made.stderr, /no file is overwritten/);
    assert.equal(readFileSync(at("Pulumi.home.yaml"), "utf8"), "mine\n");
  });

  it("new reports all that is wrong with its flags at once, and writes nothing", () => {
    const flags = ["--control-plane", "cp_1=10.5.0.300", "--kubernetes-version", "1.36"];
    const made = runCommand("new", ["home", ...flags, "--endpoint", "10.5.0.1"], { cwd: dir });
    assert.equal(made.status, 1);
    for (const said of [
      /--control-plane \(nodes\[0\]\.hostname\) \[hostname\]/,
      /--control-plane \(nodes\[0\]\.ipAddress\) \[node-address\]/,
      /--kubernetes-version \(kubernetesVersion\) \[version-format\]/,
      /--endpoint \(clusterEndpoint\) \[endpoint-scheme\]/,
      /--install-disk .*\[no-install-disk\][^[]*fix: name it/,
    ]) {
      assert.match(made.stderr, said);
    }
    assert.equal(existsSync(at("Pulumi.home.yaml")), false);
  });

  it("validate prints all problems with their lines, and exits with 1", () => {
    const text = writtenFile()
      .replace("https://10.5.0.11", "http://10.5.0.11")
      .replace("version: 1.20.0", "version: v1.20.0");
    writeFileSync(at("Pulumi.home.yaml"), text);
    const { status, stderr } = runCommand("validate", ["Pulumi.home.yaml"], { cwd: dir });
    assert.equal(status, 1);
    assert.match(stderr, /2 problems/);
    for (const piece of ["http://", "version: v1.20.0"]) {
      const line = text.split("\n").findIndex((each) => each.includes(piece)) + 1;
      assert.match(stderr, new RegExp(`Pulumi\\.home\\.yaml:${line} `));
    }
  });

  it("validate goes on after a file that cannot be read, and moves no terminal's cursor", () => {
    const named = writtenFile().replace("clusterName: home", 'clusterName: "\\e[31mred"');
    writeFileSync(at("Pulumi.red.yaml"), named);
    writeFileSync(at("Pulumi.endless.yaml"), "x: &a [*a]\n");
    mkdirSync(at("Pulumi.folder.yaml"));
    writeFileSync(at("Pulumi.folder.yaml/Pulumi.yaml"), "name: [\n");
    writeFileSync(at("Pulumi.folder.yaml/Pulumi.lost.yaml"), "config: {}\n");
    const files = ["Pulumi.endless.yaml", "Pulumi.folder.yaml/Pulumi.lost.yaml", "Pulumi.red.yaml"];
    const { status, stdout, stderr } = runCommand("validate", files, { cwd: dir });
    assert.equal(status, 1);
    assert.match(stderr, /Pulumi\.endless\.yaml:1 \[yaml-syntax\]\n.*\*a stands inside &a/s);
    assert.match(stderr, /error: .*Pulumi\.lost\.yaml: /);
    assert.match(
      stderr,
      /Pulumi\.red\.yaml:\d+ clusterName \[cluster-name\]\n +got: "\\u001b\[31mred"/,
    );
    assert.ok(!(stdout + stderr).includes("\u001b"));
  });

  it("doctor says in JSON too that there is no such stack", () => {
    const { status, stdout } = runCommand("doctor", ["nowhere", "--json"]);
    assert.equal(status, 1);
    const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: { message: string }[] };
    assert.equal(ok, false);
    assert.match(findings[0]!.message, /there is no stack "nowhere"/);
  });

  it("doctor sends to validate by the name that it was given", () => {
    writeFileSync(at("Pulumi.home.yaml"), "config: {}\n");
    const { stdout } = runCommand("doctor", ["./Pulumi.home.yaml"], { cwd: dir });
    assert.match(stdout, /npm run validate -- \.\/Pulumi\.home\.yaml,/);
  });

  it("validate takes all stack files of the clone, and needs no network and no program", () => {
    const guard = at("guard.cjs");
    writeFileSync(
      guard,
      `const refuse = (what) => () => { console.error("used " + what); process.exit(9); };
       const { Socket } = require("node:net");
       const connect = Socket.prototype.connect;
       // The loader of TypeScript looks for a parent of its own by a socket in the file system.
       Socket.prototype.connect = function (...args) {
         return args.flat()[0]?.path ? connect.apply(this, args) : refuse("the network")();
       };
       require("node:dns").lookup = refuse("DNS");
       for (const name of ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync"])
         require("node:child_process")[name] = refuse("a program");`,
    );
    // What the loader has not seen yet, it transpiles with a program: once, when a clone is new.
    runCommand("validate", []);
    const env = { NODE_OPTIONS: `--require ${JSON.stringify(guard)}`, PATH: "" };
    const { status, stdout, stderr } = runCommand("validate", [], { env });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /Pulumi\.dev\.yaml is valid: .*, 3 control planes and 2 workers, Talos v/);
    assert.match(stdout, /Pulumi\.goldentooth\.yaml is valid/);
  });

  it("validate says which stacks there are", () => {
    const { status, stderr } = runCommand("validate", ["prod"]);
    assert.equal(status, 1);
    assert.match(stderr, /^error: there is no stack "prod": there are dev, /);
  });
});
