import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { parse } from "yaml";

import { type ClusterSpecInput, TalosCluster } from "../../../components";
import { templateArguments } from "../../../components/cilium/rendering/helm";
import { clusterMocks } from "../../support/clusterMocks";
import { useLabHelm } from "../../support/labHelm";
import { promiseOf, type Recorder, recordResources, revealed } from "../../support/mocks";
import { labBinaries } from "../../support/testLab";

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

const APPLY = "talos:machine/configurationApply:ConfigurationApply";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const KUBERNETES_VERSION = "1.36.3";

/** What Helm writes on each object of a release that it installs. */
const MANAGED = ["app.kubernetes.io/managed-by=Helm"];
const OWNER = ["meta.helm.sh/release-name=cilium", "meta.helm.sh/release-namespace=kube-system"];

/** Folders or archives, separated as in PATH; the stand-in where none is named. */
const STAND_IN = path.resolve(__dirname, "../../../lab/charts/cilium");
const CHARTS = (process.env["CILIUM_CHARTS"] || STAND_IN).split(path.delimiter);

const FEATURES: Record<string, Omit<ClusterSpecInput["cilium"], "version">> = {
  "as it is": {},
  "with Hubble's relay and UI": { hubble: { relay: true, ui: true } },
  "with the Ingress controller and WireGuard": {
    ingressController: {},
    encryption: { type: "wireguard" },
  },
};

/**
 * Reads with Go's YAML, as Helm and Talos do, by a kubectl that asks no cluster.
 *
 * @param marks what it writes on each object: it reads only to write
 */
function asGoReadsIt(text: string, verb = "label", marks = ["example.org/read=go"]) {
  const printed = execFileSync(
    labBinaries()!["kubectl"]!,
    [verb, "--local", "--overwrite", "-f", "-", "-o", "json", ...marks],
    { input: text, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(`[${printed.replaceAll(/^\}\n\{/gm, "},\n{")}]`) as KubernetesObject[];
}

const listOf = (items: readonly KubernetesObject[]) =>
  JSON.stringify({ apiVersion: "v1", kind: "List", items });

const byName = (objects: readonly KubernetesObject[]) =>
  new Map(
    objects.map((object) => {
      const { kind, metadata } = object;
      return [`${kind} ${metadata.namespace ?? ""}/${metadata.name}`, object] as const;
    }),
  );

function assertSameObjects(got: readonly KubernetesObject[], helms: readonly KubernetesObject[]) {
  assert.equal(got.length, helms.length);
  const expected = byName(helms);
  assert.deepEqual([...byName(got).keys()].sort(), [...expected.keys()].sort());
  for (const [name, object] of byName(got)) assert.deepEqual(object, expected.get(name), name);
}

describe("charts through the methods that render them (the stand-in, or those that CILIUM_CHARTS names)", function () {
  this.timeout(120_000);
  useLabHelm();
  let recorder: Recorder;
  let folder: string | undefined;

  before(() => (folder = mkdtempSync(path.join(tmpdir(), "real-charts-"))));
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  async function build(cilium: ClusterSpecInput["cilium"]): Promise<void> {
    const file = path.resolve(__dirname, "../../../Pulumi.dev.yaml");
    const { config } = parse(readFileSync(file, "utf8")) as {
      config: Record<string, ClusterSpecInput>;
    };
    recorder = await recordResources(clusterMocks);
    const cluster = new TalosCluster("talos", {
      spec: {
        ...config["talos-cilium:cluster"]!,
        kubernetesVersion: KUBERNETES_VERSION,
        cilium,
        // Nobody serves the file of `hosted`, and the rest is not what is asked here.
        silencedRules: ["hosted-unreachable", "ingress-no-pool", "cilium-kubernetes-untested"],
      },
    });
    await promiseOf(cluster.bootstrapTimeline);
    const applies = Object.values(cluster.machineConfiguration.applies);
    await Promise.all(applies.map((apply) => promiseOf(apply.urn)));
  }

  function inlineManifests(): string {
    const patches = recorder.find(APPLY, "talos-cp-1-apply").inputs["configPatches"] as string[];
    const patch = patches.map(revealed).find((each) => String(each).includes("inlineManifests"));
    const { cluster } = parse(String(patch)) as {
      cluster: { inlineManifests: { contents: string }[] };
    };
    return cluster.inlineManifests.map(({ contents }) => contents).join("\n---\n");
  }

  /** The chart's objects among the registrations, without what is Pulumi's. */
  function registeredObjects(): KubernetesObject[] {
    return recorder.registrations
      .filter(({ provider }) => provider.includes("::talos-manifests-kubernetes::"))
      .map(({ inputs }) => {
        const object = structuredClone(inputs) as unknown as KubernetesObject;
        const annotations = { ...object.metadata.annotations };
        delete annotations["pulumi.com/skipAwait"];
        delete annotations["pulumi.com/patchFieldManager"];
        return { ...object, metadata: { ...object.metadata, annotations } };
      });
  }

  for (const chart of CHARTS) {
    for (const [name, features] of Object.entries(FEATURES)) {
      describe(`${path.basename(chart)} ${name}`, () => {
        let helms: KubernetesObject[];
        let cilium: ClusterSpecInput["cilium"];

        before(async () => {
          const helm = labBinaries()!["helm"]!;
          const { version } = parse(
            execFileSync(helm, ["show", "chart", chart], { encoding: "utf8" }),
          ) as { version: string };
          cilium = { ...features, version, chart };
          await build(cilium);
          const { values } = recorder.find(RELEASE, "talos-release").inputs;
          const printed = execFileSync(
            helm,
            templateArguments({ chart, version, kubernetesVersion: KUBERNETES_VERSION }),
            { input: JSON.stringify(values), encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
          );
          const managed = asGoReadsIt(listOf(asGoReadsIt(printed)), "label", MANAGED);
          helms = asGoReadsIt(listOf(managed), "annotate", OWNER);
          assert.ok(helms.length > 20);
        });

        it("manifests: each object is a resource", async () => {
          await build({ ...cilium, installMethod: "manifests" });
          assertSameObjects(asGoReadsIt(listOf(registeredObjects())), helms);
        });

        it("inline: each object is in the configuration of control planes", async () => {
          await build({ ...cilium, installMethod: "inline" });
          assertSameObjects(asGoReadsIt(inlineManifests()), helms);
        });

        it("hosted: each object is in the file", async () => {
          const file = path.join(folder!, "cilium.yaml");
          await build({
            ...cilium,
            installMethod: "hosted",
            hosted: { url: "http://127.0.0.1:1/cilium.yaml", file },
          });
          assertSameObjects(asGoReadsIt(readFileSync(file, "utf8")), helms);
        });
      });
    }
  }
});
