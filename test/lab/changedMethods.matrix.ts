import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import type { ClusterSpecInput } from "../../components";
import { assertFailed, textOf } from "../support/assertFailed";
import { type WebServer, serveChart } from "../support/chartRepository";
import { ciliumCLI } from "../support/ciliumCLI";
import { installedCilium } from "../support/installedCilium";
import { TestLab, requireBinaries } from "../support/testLab";
import { upgradeK8s } from "../support/upgradeK8s";

type Cilium = Partial<ClusterSpecInput["cilium"]>;

describe("another method together with other values (no agent or data path runs)", function () {
  this.timeout(1_800_000);
  let web: WebServer;
  let cli: ReturnType<typeof ciliumCLI>;
  let lab: TestLab | undefined;

  before(requireBinaries);
  before(async () => {
    cli = ciliumCLI();
    web = await serveChart();
  });
  after(() => web?.stop());
  afterEach(() => lab?.stop());

  const withCilium = (spec: ClusterSpecInput, cilium: Cilium): ClusterSpecInput => ({
    ...spec,
    cilium: {
      version: "1.20.0",
      repositoryOpts: { repo: web.url },
      cli: { version: cli.version },
      ...cilium,
    },
  });

  async function up(cilium: Cilium): Promise<TestLab> {
    lab = await TestLab.start({ spec: (spec) => withCilium(spec, cilium) });
    await lab.up();
    return lab;
  }

  for (const installMethod of ["release", "cli", "inline"] as const) {
    it(`takes the fields over from ${installMethod} to manifests, at once and later`, async () => {
      const odd = (...keys: string[]) => ({
        extraConfig: Object.fromEntries(keys.map((key) => [key, "1"])),
      });
      const { spec } = await up({ installMethod, values: odd("odd-a", "odd-b") });
      for (const [debug, keys] of [
        ["true", ["odd-b"]],
        ["false", []],
      ] as const) {
        const values = { debug: { enabled: debug === "true" }, ...odd(...keys) };
        lab!.writeStack(withCilium(spec, { installMethod: "manifests", values }));
        await lab!.up();
        const { config } = await installedCilium(lab!);
        assert.equal(config["debug"], debug);
        assert.deepEqual(
          Object.keys(config).filter((key) => key.startsWith("odd-")),
          keys,
        );
      }
      await lab!.up(["--expect-no-changes"]);
    });
  }

  for (const installMethod of ["release", "manifests"] as const) {
    it(`lets Talos take a value away that left together with ${installMethod}`, async () => {
      const file = path.join(web.folder, "cilium.yaml");
      const hosted = { url: `${web.url}/cilium.yaml`, file };
      const values = { extraConfig: { odd: "1" } };
      const { spec } = await up({ installMethod, values });
      const byTalos = withCilium(spec, { installMethod: "hosted", hosted });
      lab!.writeStack({ ...byTalos, bootstrapWindow: "5s", readyTimeout: "10s" });
      assertFailed(await lab!.run("up"), 60, /cilium-config .* \(odd\): .* run `talosctl/);
      await upgradeK8s(lab!, readFileSync(file, "utf8"), /hubble/);
      await lab!.up();
      assert.ok(!("odd" in (await installedCilium(lab!)).config));
    });
  }

  it("warns in the preview of values that change with the way from manifests to release", async () => {
    const { spec } = await up({ installMethod: "manifests" });
    const release = withCilium(spec, { values: { debug: { enabled: true } } });
    lab!.writeStack(release);
    assert.match(textOf(await lab!.run("preview")), /\[values-kept\]/);
    lab!.writeStack(withCilium(spec, {}));
    assert.doesNotMatch(textOf(await lab!.run("preview")), /\[values-kept\]/);
  });

  it("refuses in the preview what a Job cannot change, and fails at once without one", async () => {
    const { spec } = await up({ installMethod: "job" });
    const values = { debug: { enabled: true } };
    lab!.writeStack(withCilium(spec, { installMethod: "job", values }));
    assertFailed(await lab!.run("preview"), 60, /\[job-installs-once\]/);
    // The lab runs it without a preview.
    assertFailed(await lab!.run("up"), 60, /release cilium has other values/);
  });

  it("lists what Talos would prune after a first run that was killed before the API server served", async () => {
    lab = await TestLab.start({ spec: (spec) => withCilium(spec, { installMethod: "inline" }) });
    assert.ok(await lab.upKilledAt(/talos-api-serves creating/), "it was over before");
    lab.writeStack(withCilium(lab.spec, { installMethod: "release" }));
    const { exitCode, stdout, stderr } = await lab.run("preview");
    assert.equal(exitCode, 0, stdout + stderr);
    assert.match(stdout, /\[talos-prunes\][^]*why: .*: .*DaemonSet kube-system\/cilium/);
  });

  it("takes away what a Job that failed for good has left, with the method that follows", async () => {
    const job = { installMethod: "job", repositoryOpts: { repo: "http://127.0.0.1:1" } } as const;
    lab = await TestLab.start({ spec: (spec) => withCilium(spec, job) });
    lab.writeStack({ ...withCilium(lab.spec, job), readyTimeout: "45s" });
    assertFailed(await lab.run("up"), 180, /cilium-install in kube-system has not installed/);
    const ofJob = (verb: string, ...args: string[]) =>
      lab!.kubectl([verb, "--namespace=kube-system", ...args]);
    // Ten attempts with their pauses take longer than somebody waits.
    await ofJob("patch", "job/cilium-install", `--patch={"spec":{"activeDeadlineSeconds":1}}`);
    await ofJob("wait", "job/cilium-install", "--for=condition=failed", "--timeout=60s");
    lab.writeStack(withCilium(lab.spec, job));
    assertFailed(await lab.run("up"), 60, /has not installed Cilium: it failed: /);

    lab.writeStack(withCilium(lab.spec, { installMethod: "release" }));
    await lab.up();
    await ofJob("wait", "pod", "--selector=app=cilium-install", "--for=delete", "--timeout=30s");
    const kinds = "clusterrolebindings,jobs,serviceaccounts,configmaps";
    assert.equal(await ofJob("get", kinds, "cilium-install", "--ignore-not-found"), "");
    await lab.up(["--expect-no-changes"]);
  });
});
