import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import type { BootstrapTimeline, ClusterSpecInput } from "../../components";
import { type WebServer, serveChart } from "../support/chartRepository";
import { ciliumCLI } from "../support/ciliumCLI";
import { agentUIDs, installedCilium } from "../support/installedCilium";
import { TestLab, requireBinaries } from "../support/testLab";
import { upgradeK8s } from "../support/upgradeK8s";

type Method = NonNullable<ClusterSpecInput["cilium"]["installMethod"]>;

/** The way through the methods, over the pairs that people meet. A Job can stand at the beginning only. */
const CIRCUIT: readonly Method[] = [
  ...(["job", "release", "inline", "hosted", "manifests", "release"] as const),
  ...(["cli", "release", "none", "hosted", "release"] as const),
];
/** What Talos applies, and what one of its objects is called. */
const BY_TALOS = {
  inline: "DaemonSet kube-system/cilium",
  hosted: "DaemonSet kube-system/cilium",
} as const;

describe("the methods that install Cilium (same objects; no agent or data path runs)", function () {
  this.timeout(1_800_000);
  let web: WebServer;
  let cli: ReturnType<typeof ciliumCLI>;
  let labs: TestLab[] = [];
  const applied = new Map<Method, number>();

  before(requireBinaries);
  before(async () => {
    cli = ciliumCLI();
    console.log(`      cli and job run ${cli.says}`);
    web = await serveChart();
  });
  after(() => web?.stop());
  afterEach(async () => {
    for (const lab of labs) await lab.stop();
    labs = [];
  });

  const withMethod = (spec: ClusterSpecInput, installMethod: Method): ClusterSpecInput => ({
    ...spec,
    cilium: {
      version: "1.20.0",
      repositoryOpts: { repo: web.url },
      installMethod,
      hosted: { url: `${web.url}/cilium.yaml`, file: path.join(web.folder, "cilium.yaml") },
      cli: { version: cli.version },
      hubble: { relay: true, ui: true },
    },
  });

  async function up(installMethod: Method) {
    const lab = await TestLab.start({
      workers: 1,
      spec: (spec) => withMethod(spec, installMethod),
    });
    labs.push(lab);
    await lab.up();
    return lab;
  }

  /** Milliseconds from the first answer of the API server to the last of Cilium's DaemonSets, by the audit log. */
  async function appliedAfter(lab: TestLab): Promise<number> {
    const { bootstrapTimeline } = (await lab.outputs()) as { bootstrapTimeline: BootstrapTimeline };
    const requests = await lab.audited();
    const made = requests.filter(
      ({ status, requestURI }) => status === 201 && /\/daemonsets\b/.test(requestURI),
    );
    return Date.parse(made.at(-1)!.at) - Date.parse(bootstrapTimeline.apiServing!);
  }

  it("end with the same objects, and a second run changes none", async () => {
    const release = await installedCilium(await up("release"));
    assert.ok(release.objects.length > 20, release.objects.join("\n"));
    for (const method of ["manifests", "inline", "hosted", "job", "cli"] as const) {
      const lab = await up(method);
      applied.set(method, await appliedAfter(lab));
      assert.deepEqual(await installedCilium(lab), release, method);
      const before = await lab.mutatingCalls();
      await lab.up(["--expect-no-changes"]);
      assert.deepEqual(await lab.mutatingCalls(), before, method);
      await lab.stop();
    }
  });

  it("end with the same objects after a changed value too, by the CLI's upgrade as by Helm's", async () => {
    const changed = (
      spec: ClusterSpecInput,
      values: Record<string, unknown>,
    ): ClusterSpecInput => ({
      ...spec,
      cilium: { ...spec.cilium, values, hubble: { relay: true } },
    });
    const found = [];
    for (const method of ["release", "cli"] as const) {
      const lab = await up(method);
      lab.writeStack(changed(lab.spec, { debug: { enabled: true } }));
      await lab.up();
      found.push(await installedCilium(lab));
      await lab.up(["--expect-no-changes"]);
      // Nothing but a value less: what is installed holds all that is wanted.
      lab.writeStack(changed(lab.spec, {}));
      await lab.up();
      assert.notEqual((await installedCilium(lab)).config["debug"], "true", method);
      await lab.stop();
    }
    assert.equal(found[0]!.config["debug"], "true");
    assert.ok(!found[0]!.objects.some((object) => object.includes("hubble-ui")));
    assert.deepEqual(found[1], found[0]);
  });

  for (const method of ["inline", "hosted", "job"] as const) {
    it(`have it applied 2 s after the API server serves, with ${method} (on an idle computer)`, async () => {
      const took = [applied.get(method)!];
      // Of a Job most is Helm's own second: what else the computer does only adds to it.
      while (method === "job" && took.at(-1)! > 2000 && took.length < 3) {
        const lab = await up(method);
        took.push(await appliedAfter(lab));
        await lab.stop();
      }
      console.log(`      ${took.join(", ")} ms`);
      assert.ok(took.at(-1)! <= 2000, `${took.join(", ")} ms after the API server`);
    });
  }

  it("takes the rights of a Job away, and hands Cilium around with every agent left as it is", async () => {
    const [first, ...rest] = CIRCUIT;
    const lab = await up(first!);
    const binding = ["get", "clusterrolebinding", "cilium-install", "--ignore-not-found"];
    assert.equal(await lab.kubectl(binding), "");
    const [before, installed] = [await agentUIDs(lab), await installedCilium(lab)];
    assert.equal(before.split(" ").length, 2);
    for (const [index, to] of rest.entries()) {
      const from = CIRCUIT[index]!;
      lab.writeStack(withMethod(lab.spec, to));
      await wouldPrune(lab, from, to);
      const said = await handOver(lab);
      console.log(`      ${from} → ${to}: ${said}, the same agents`);
      assert.equal(await agentUIDs(lab), before, `${from} → ${to}`);
      assert.deepEqual(await installedCilium(lab), installed, `${from} → ${to}`);
    }
    await lab.up(["--expect-no-changes"]);
    lab.writeStack(withMethod(lab.spec, "job"));
    const refused = await lab.run("preview");
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.stdout + refused.stderr, /job-too-late/);
  });

  it("stays shut over every object that Talos leaves as it was, until upgrade-k8s has run", async () => {
    const lab = await up("hosted");
    const scale = ["scale", "deployment/hubble-relay", "--replicas=2", "--namespace=kube-system"];
    await lab.kubectl(scale);
    const { cilium, ...spec } = lab.spec;
    const changed: ClusterSpecInput = {
      ...{ ...spec, bootstrapWindow: "10s", readyTimeout: "20s" },
      // Neither is in `cilium-config` or in the agents' image.
      cilium: { ...cilium, operatorReplicas: 1, hubble: { relay: true } },
    };
    lab.writeStack(changed);
    const { stdout } = await lab.run("preview");
    assert.match(stdout, /\[talos-prunes\][\s\S]*without --manifests-no-prune/);
    const stale = await lab.run("up");
    assert.notEqual(stale.exitCode, 0);
    // What the gate waits for says the first of them too.
    const lines = stale.stdout.split("\n").filter((line) => /^ *- objects of Cilium/.test(line));
    const [differ, left, ...more] = [...new Set(lines.map((line) => line.trim()))];
    assert.deepEqual(more, [], stale.stdout);
    assert.match(differ!, /\(1\): Deployment kube-system\/cilium-operator in spec\.replicas; /);
    assert.match(differ!, /`talosctl upgrade-k8s --to 1\.36\.3`$/);
    assert.match(left!, /no longer in .* \(6\): .*Service kube-system\/hubble-ui, /);

    await upgradeK8s(lab, readFileSync(path.join(web.folder, "cilium.yaml"), "utf8"), /hubble/);
    await lab.up();
    await lab.up(["--expect-no-changes"]);
  });

  /** That the preview lists what Talos would delete, where the configuration of machines loses it. */
  async function wouldPrune(lab: TestLab, from: Method, to: Method): Promise<void> {
    if (!(from in BY_TALOS) || to in BY_TALOS) return;
    const { stdout } = await lab.run("preview");
    const [, listed = ""] = /\[talos-prunes\][\s\S]*?why: .*?: (.*)/.exec(stdout) ?? [];
    assert.ok(listed.includes(BY_TALOS[from as keyof typeof BY_TALOS]), stdout);
    console.log(`      ${from} → ${to}: the preview lists ${listed.split(", ").length} objects`);
  }

  /** Runs `up`, and the line that it prints where it may not take a release over by itself. */
  async function handOver(lab: TestLab): Promise<string> {
    const result = await lab.run("up");
    if (result.exitCode === 0) return "up";
    const line = /pulumi import .*$/m.exec(result.stdout + result.stderr)?.[0];
    if (line === undefined) throw new Error(`up failed:\n${result.stdout}\n${result.stderr}`);
    await lab.shell(line);
    await lab.up();
    return "up, its import line, up";
  }
});

describe("a web server without the rendered file (that an update stops before it changes anything)", function () {
  this.timeout(1_800_000);
  let lab: TestLab;

  before(requireBinaries);
  afterEach(() => lab?.stop());

  it("warns in the preview, writes the file, and makes nothing", async () => {
    const file = () => path.join(lab.dir, "cilium.yaml");
    lab = await TestLab.start();
    const hosted = { url: "http://127.0.0.1:1/cilium.yaml", file: file() };
    lab.writeStack({
      ...lab.spec,
      cilium: { ...lab.spec.cilium, installMethod: "hosted", hosted },
    });
    const preview = await lab.run("preview");
    assert.equal(preview.exitCode, 0, preview.stdout + preview.stderr);
    assert.match(preview.stdout, /hosted-unreachable/);
    assert.match(readFileSync(file(), "utf8"), /kind: DaemonSet/);
    const up = await lab.run("up");
    assert.notEqual(up.exitCode, 0);
    assert.match(up.stdout + up.stderr, /hosted-unreachable/);
    assert.equal((await lab.mutatingCalls()).nodes, 0);
  });
});
