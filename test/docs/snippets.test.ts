import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { type ClusterSpecInput, isRendered } from "../../components/spec";
import { blocksOf, pages } from "../../scripts/docs/blocks";
import { minimalCluster } from "../components/spec/minimalCluster";
import { KUBECONFIG, MACHINE_SECRETS, clusterMocks } from "../support/clusterMocks";
import { ciliumCLI } from "../support/ciliumCLI";
import { withGatewayAPICache } from "../support/gatewayAPICache";
import { recordResources } from "../support/mocks";
import { labBinaries } from "../support/testLab";
import { clusterOf } from "./stackFaults";

const ROOT = path.resolve(__dirname, "../..");
const FOLDER = path.join(__dirname, "snippets");
const RELEASE = "kubernetes:helm.sh/v3:Release";

/** What the programs of the pages read of their stack's configuration. */
const CONFIG = {
  cluster: minimalCluster(),
  kubeconfig: KUBECONFIG,
  ...MACHINE_SECRETS,
};

describe("programs of the pages (that they make Cilium's release, on no engine)", function () {
  this.timeout(60_000);
  this.slow(5_000);

  after(() => pulumi.runtime.setAllConfig({}));

  for (const file of readdirSync(FOLDER)) {
    it(file, async () => {
      const recorder = await recordResources(clusterMocks);
      pulumi.runtime.setAllConfig(configFor(file));
      const program: unknown = await import(path.join(FOLDER, file));
      const { default: main } = program as { default?: unknown };
      if (typeof main === "function") await (main as () => Promise<unknown>)();
      await pulumi.runtime.disconnect();
      const releases = recorder.ofType(RELEASE);
      assert.deepEqual(
        releases.map(({ inputs }) => inputs["name"]),
        ["cilium"],
      );
    });
  }
});

describe("stack files of the pages (that the program takes them, on no engine)", function () {
  this.timeout(60_000);
  this.slow(5_000);
  withGatewayAPICache();

  let hostedFolder: string;
  before(() => (hostedFolder = mkdtempSync(path.join(tmpdir(), "hosted-"))));
  after(() => rmSync(hostedFolder, { recursive: true, force: true }));

  const stackFiles = pages(ROOT)
    .flatMap((page) => blocksOf(ROOT, page))
    .filter(({ info }) => info.join(" ") === "yaml");

  for (const { page, line, text } of stackFiles) {
    it(`${page}:${line}`, async function () {
      const recorder = await recordResources(clusterMocks);
      const { TalosCluster } = await import("../../components");
      const asked = clusterOf(text);
      const rendered = isRendered(asked.cilium.installMethod ?? "release");
      if (rendered && !labBinaries()) this.skip();
      // No network here: the stand-in chart is rendered by the lab's Helm.
      process.env["HELM_BIN"] ??= labBinaries()?.["helm"] ?? "helm";
      const spec = onThisComputer(asked, rendered, path.join(hostedFolder, "c.yaml"));
      new TalosCluster("talos", { spec });
      await pulumi.runtime.disconnect();
      const applies = recorder.ofType("talos:machine/configurationApply:ConfigurationApply");
      assert.equal(applies.length, spec.nodes.length);
      const { installMethod = "release", managedBy } = spec.cilium;
      const isReleased = installMethod === "release" && !managedBy;
      assert.equal(recorder.ofType(RELEASE).length, isReleased ? 1 : 0);
    });
  }
});

/** The same cluster without a network, on a computer that may have no CLI of Cilium. */
function onThisComputer(
  asked: ClusterSpecInput,
  rendered: boolean,
  file: string,
): ClusterSpecInput {
  const { installMethod, hosted, cli } = asked.cilium;
  return {
    ...asked,
    silencedRules: [...(asked.silencedRules ?? []), ...(hosted ? ["hosted-unreachable"] : [])],
    cilium: {
      ...asked.cilium,
      ...(rendered && { chart: "./lab/charts/cilium" }),
      ...(hosted && { hosted: { url: "http://127.0.0.1:1/", file } }),
      ...(installMethod === "cli" && { cli: { ...cli, version: ciliumCLI().version } }),
    },
  };
}

/** A key that a program does not read itself would be a problem. */
function configFor(file: string): Record<string, string> {
  const read = file.startsWith("migration") ? Object.keys(MACHINE_SECRETS) : ["kubeconfig"];
  const keys = Object.entries(CONFIG).filter(([key]) => key === "cluster" || read.includes(key));
  return Object.fromEntries(
    keys.map(([key, value]) => [
      `talos-cilium:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
