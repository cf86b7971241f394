import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { JsonLine } from "../../../commands/liveView/jsonLines";
import type { Report } from "../../../commands/report/report";
import type { StackExport } from "../../../commands/report/stateRun";
import { Engine } from "../../../lab/engine/engine";
import { engineFolder } from "../../../lab/engine/engineFolder";
import { engineEnvironment } from "../../../lab/engine/environment";
import { ClonedLab } from "../../support/clonedLab";
import { secretsOf } from "../../support/secrets";
import { labBinaries, requireBinaries } from "../../support/testLab";

const FILES = ["index.html", "timeline.svg", "report.json"];

describe("live view and report of a lab, from a clone (the engine is real, the machines are simulated)", function () {
  this.timeout(300_000);
  this.slow(60_000);
  let lab: ClonedLab;

  before(requireBinaries);
  before(() => (lab = new ClonedLab()));
  after(async () => lab?.remove());

  const file = (name: string) => path.join(lab.dir, "report", name);
  const report = () => JSON.parse(readFileSync(file("report.json"), "utf8")) as Report;
  const names = () => report().lanes.flatMap(({ bars }) => bars.map(({ name }) => name));
  const exportState = async (showSecrets: boolean) =>
    (await Engine.at({
      ...{ cli: labBinaries()!["pulumi"]!, projectDirectory: lab.dir, stackName: "dev" },
      ...{ stackFile: path.join(lab.dir, "Pulumi.dev.yaml"), dir: lab.at() },
    }).exportState(showSecrets)) as StackExport;

  it("writes one JSON object a line and nothing else with --json", async () => {
    const { code, stdout, text } = await lab.run("--json");
    assert.equal(code, 0, text);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as JsonLine);
    const end = lines.at(-1)!;
    assert.deepEqual(end.event === "end" && [end.result, end.report], [
      "succeeded",
      "report/index.html",
    ]);
    const seen = (name: string) =>
      lines.flatMap((line) => (line.event === "line" && line.name === name ? [line] : []));
    for (const name of [
      "Machine secrets",
      "cp-1",
      "worker-1",
      "Bootstrap",
      "API serves",
      "Cilium",
      "Cluster ready",
    ]) {
      assert.equal(seen(name)[0]?.state, "running", name);
      assert.equal(seen(name).at(-1)?.state, "done", name);
    }
    const waited = seen("API serves")
      .concat(seen("Cluster ready"))
      .map(({ detail }) => detail);
    assert(
      waited.some((detail) => detail?.startsWith("waiting for ")),
      JSON.stringify(waited),
    );
  });

  it("reports every resource of the run, in seconds that add up", async () => {
    const { lanes, run, marks, window, phases } = report();
    const { deployment } = await exportState(false);
    const made = deployment.resources!.filter(({ custom }) => custom);
    assert.deepEqual(names().toSorted(), made.map(({ urn }) => urn.split("::").at(-1)!).toSorted());
    assert.deepEqual([run.source, run.result], ["events", "succeeded"]);
    assert.equal(marks.length, 6);
    assert(window.secondsUsed! > 0 && window.secondsUsed! < window.secondsBudgeted);
    const inWindow = phases.slice(2).reduce((sum, { seconds }) => sum + seconds, 0);
    assert(Math.abs(inWindow - window.secondsUsed!) < 0.01, `${inWindow} of ${window.secondsUsed}`);
    for (const { name, bars } of lanes) {
      for (const bar of bars) {
        assert(bar.begun >= 0 && bar.begun + bar.seconds <= run.seconds, `${name}: ${bar.name}`);
      }
    }
  });

  it("has no secret of the state in any file", async () => {
    const secrets = secretsOf(await exportState(true));
    assert(secrets.length > 20, `only ${secrets.length} secrets`);
    const texts = FILES.map((name) => readFileSync(file(name), "utf8"));
    const found = secrets.filter(({ value }) => texts.some((text) => text.includes(value)));
    assert.deepEqual(
      found.map(({ where }) => where),
      [],
    );
  });

  it("shows the bootstrap again after a run that changed nothing", async () => {
    const before = names();
    const { code, text } = await lab.run("up", "--expect-no-changes");
    assert.equal(code, 0, text);
    assert.match(text, /report\/index\.html {3}shows where the time went/);
    assert.equal(report().run.source, "state");
    assert.deepEqual(names().toSorted(), before.toSorted());
  });

  it("writes it whenever it is asked for", async () => {
    rmSync(file("index.html"));
    const { code, stdout } = await lab.run("report");
    assert.equal(code, 0);
    assert.match(stdout, /report\/index\.html\n$/);
    assert.match(readFileSync(file("index.html"), "utf8"), /^<!doctype html>/);
  });

  describe("for a stack of the user's own, with the Pulumi on PATH", () => {
    /** Where temporary files go, so that no other run's are taken for one's own. */
    const tmp = mkdtempSync(path.join(tmpdir(), "up-"));
    after(() => rmSync(tmp, { recursive: true, force: true }));
    const command = (...args: string[]) => {
      const folder = engineFolder(lab.at(), "dev");
      const state = JSON.parse(readFileSync(lab.at("lab.json"), "utf8")) as Record<string, number>;
      const ports = { talos: state["talosPort"], kubernetes: state["kubernetesPort"] };
      const bin = path.join(lab.dir, "bin");
      mkdirSync(bin, { recursive: true });
      rmSync(path.join(bin, "pulumi"), { force: true });
      symlinkSync(labBinaries()!["pulumi"]!, path.join(bin, "pulumi"));
      const env = engineEnvironment(process.env, folder, ports);
      return spawnSync(process.execPath, [path.join(lab.dir, "commands/start.mjs"), ...args], {
        ...{ cwd: lab.dir, encoding: "utf8" },
        env: { ...env, INIT_CWD: lab.dir, TMPDIR: tmp, PATH: `${bin}:${env["PATH"]}` },
      });
    };

    it("`npm run report` reads the state that a `pulumi up` left", () => {
      const { status, stdout, stderr } = command("report", "dev", "--out", "elsewhere");
      assert.equal(status, 0, stderr);
      assert.equal(stdout, "elsewhere/index.html\n");
    });
    it("`npm run report` says why it cannot", () => {
      const { status, stderr } = command("report", "nobody");
      assert.equal(status, 1);
      assert.match(stderr, /there is no stack "nobody": there are dev/);
    });
    it("`npm run up` changes nothing without --yes", () => {
      const { status, stderr } = command("up", "dev");
      assert.equal(status, 1);
      assert.match(stderr, /look at `pulumi preview --stack dev`, then add --yes/);
    });
    it("`npm run up` ends as the CLI did, with its words and a last line, where no run began", () => {
      const { status, stdout, stderr } = command("up", "dev", "--yes", "--json", "--", "--nosuch");
      assert.notEqual(status, 0);
      assert.match(stderr, /unknown flag: --nosuch/);
      const end = JSON.parse(stdout.trimEnd()) as JsonLine;
      assert.equal(end.event === "end" && end.result, "failed");
    });
    it("`npm run up` runs, shows and reports", () => {
      const { status, stdout, stderr } = command("up", "dev", "--yes", "--", "--expect-no-changes");
      assert.equal(status, 0, stdout + stderr);
      assert.match(stdout, /unchanged/);
      assert.match(stdout, /Report: report\/index\.html\n$/);
    });
    it("nothing is left of the engine's log, which holds secrets", () => {
      const left = readdirSync(tmp).filter((name) => name.startsWith("pulumi-events-"));
      assert.deepEqual(left, []);
    });
  });

  it("writes how far a run came that failed", async () => {
    lab.writeStack({
      readyTimeout: "1s",
      cilium: {
        version: "1.20.0",
        chart: "./lab/charts/cilium",
        values: { operator: { image: { override: "nowhere.invalid/operator" } } },
      },
    });
    const { code, text } = await lab.run("up");
    lab.writeStack({});
    assert.equal(code, 1, text);
    assert.match(text, /Report of how far it came: .*report\/index\.html/);
    assert.equal(report().run.result, "failed");
    assert(report().findings.some(({ severity }) => severity === "error"));
  });

  it("draws a line for each stage and node at a terminal", function () {
    if (spawnSync("script", ["--version"]).status !== 0) {
      console.log("      skipped: there is no `script` of util-linux here to make a terminal");
      return this.skip();
    }
    const inside = "stty cols 100 rows 30; node lab/start.mjs lab up";
    const text = execFileSync("script", ["-qec", inside, "/dev/null"], {
      ...{ cwd: lab.dir, encoding: "utf8" },
      env: { ...process.env, LAB_PROVIDERS: "lab", NO_COLOR: "1", TERM: "xterm" },
    });
    // The last picture, and what comes below it.
    const picture = text.slice(text.lastIndexOf("\x1b[J"));
    assert.match(picture, /✔ cp-1 +unchanged/);
    assert.match(picture, /✔ Cluster ready/);
    assert.match(picture, /Lab dev is up after/);
    assert.doesNotMatch(text, /talos creating/);
  });
});
