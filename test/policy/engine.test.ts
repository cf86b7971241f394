import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { parse } from "yaml";

import type { ClusterSpecInput } from "../../components";
import { Engine } from "../../lab/engine/engine";
import { policies } from "../../policy/policies";
import { labBinaries, requireBinaries, TestLab } from "../support/testLab";

const ROOT = path.resolve(__dirname, "../..");
const PACK = path.join(ROOT, "policy");

/** Everything that a preview of a new cluster can know, done wrong. */
const bad = (spec: ClusterSpecInput): ClusterSpecInput => ({
  ...spec,
  clusterEndpoint: "https://192.0.2.2:6443",
  nodes: [{ ...spec.nodes[0]!, ipAddress: "192.0.2.2" }],
  allowSchedulingOnControlPlanes: true,
  configPatches: ["machine:\n  kubelet:\n    image: ghcr.io/siderolabs/kubelet:latest\n"],
  cilium: {
    ...spec.cilium,
    hubble: { enabled: true, relay: true, ui: true },
    values: { hubble: { ui: { service: { type: "LoadBalancer" } } } },
  },
});

/** Outputs that a preview knows, and a chart that nobody has to provide. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
const chart = { chart: "cilium", version: "1.x", values: {} };
new pulumi.ComponentResource("kubernetes:helm.sh/v4:Chart", "cilium", chart);
export const kubeconfig = "kind: Config";
export const talosconfig = pulumi.secret("contexts: {}");
`;

describe("policy pack, run by Pulumi's engine (nothing of a cluster is made)", function () {
  this.timeout(180_000);
  this.slow(20_000);
  before(requireBinaries);

  /** Names of the policies that a run says were violated. */
  const violated = (output: string) =>
    [...new Set(Array.from(output.matchAll(/\[mandatory\] +(\S+)/g), ([, name]) => name!))].sort();

  describe("on a lab", () => {
    let lab: TestLab;
    let dev: ClusterSpecInput;
    before(async () => {
      const text = readFileSync(path.join(ROOT, "Pulumi.dev.yaml"), "utf8");
      const { config } = parse(text) as { config: Record<string, ClusterSpecInput> };
      dev = config["talos-cilium:cluster"]!;
      lab = await TestLab.start();
    });
    after(async () => lab?.stop());

    const preview = async (spec: ClusterSpecInput, args: string[] = []) => {
      lab.writeStack(spec);
      const { exitCode, stdout } = await lab.run("preview", ["--policy-pack", PACK, ...args]);
      return { exitCode, stdout };
    };

    it("passes the lab's own stack", async () => {
      const { exitCode, stdout } = await preview(dev);
      assert.equal(exitCode, 0, stdout);
      assert.match(stdout, /✅ talos-cilium@v\d/);
    });

    it("names each policy that a bad stack violates, with resource and fix, and fails", async () => {
      const prod = Object.fromEntries(
        policies
          .filter(({ configSchema }) => configSchema)
          .map(({ name }) => [name, { prod: true }] as const),
      );
      const config = path.join(lab.dir, "policies.json");
      writeFileSync(config, JSON.stringify(prod));
      const { exitCode, stdout } = await preview(bad(dev), ["--policy-pack-config", config]);
      assert.notEqual(exitCode, 0);
      // What a preview cannot know or this program never does is below.
      const later = ["credentials-secret-in-outputs", "versions-pinned"];
      const expected = policies.map(({ name }) => name).filter((name) => !later.includes(name));
      assert.deepEqual(violated(stdout), expected.sort());
      assert.match(stdout, /talos-cp-1-apply: configPatches\[\d+\]\.machine\.kubelet\.image\n/);
      assert.match(stdout, /got: ghcr\.io\/siderolabs\/kubelet:latest\n/);
      assert.match(stdout, /fix: name a full version, as in v1\.20\.0, or a digest\n/);
    });
  });

  describe("on a program that needs no provider", () => {
    let dir: string;
    let engine: Engine;
    before(async () => {
      dir = mkdtempSync(path.join(tmpdir(), "policy-"));
      writeFileSync(path.join(dir, "Pulumi.yaml"), "name: outputs\nruntime: nodejs\n");
      writeFileSync(path.join(dir, "Pulumi.home.yaml"), "config: {}\n");
      writeFileSync(path.join(dir, "package.json"), '{"name":"outputs","main":"index.ts"}');
      writeFileSync(path.join(dir, "index.ts"), PROGRAM);
      symlinkSync(path.join(ROOT, "node_modules"), path.join(dir, "node_modules"));
      engine = await Engine.open({
        cli: labBinaries()!["pulumi"]!,
        projectDirectory: dir,
        stackName: "home",
        stackFile: path.join(dir, "Pulumi.home.yaml"),
        dir: path.join(dir, ".lab"),
      });
    });
    after(() => rmSync(dir, { recursive: true, force: true }));

    it("sees which outputs are secret, a loose version, and the stack's tag prod", async () => {
      await engine.stack(["tag", "set", "prod", "true"]);
      const { exitCode, stdout } = await engine.run("preview", { args: ["--policy-pack", PACK] });
      assert.notEqual(exitCode, 0);
      assert.deepEqual(violated(stdout), [
        "credentials-secret-in-outputs",
        "prod-traffic-encrypted",
        "versions-pinned",
      ]);
      assert.match(stdout, /: outputs\.kubeconfig\n/);
      assert.doesNotMatch(stdout, /outputs\.talosconfig/);
    });

    it("goes by the pack's configuration, and fails an up too", async () => {
      const levels = {
        "machine-secrets-protected": "disabled",
        "prod-traffic-encrypted": { prod: false },
        "versions-pinned": { enforcementLevel: "advisory" },
      };
      const config = path.join(dir, "policies.json");
      writeFileSync(config, JSON.stringify(levels));
      const args = ["--policy-pack", PACK, "--policy-pack-config", config];
      const { exitCode, stdout } = await engine.run("up", { args });
      assert.notEqual(exitCode, 0);
      assert.deepEqual(violated(stdout), ["credentials-secret-in-outputs"]);
      assert.match(stdout, /\[advisory\] +versions-pinned/);
    });
  });
});
