import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import type { ClusterSpecInput } from "../../components";
import { CLUSTER_ID, clusterMocks as mocks } from "../support/clusterMocks";
import type { Recorder } from "../support/mocks";
import { useLabHelm } from "../support/labHelm";
import { isSecret, promiseOf, recordResources, revealed } from "../support/mocks";

const APPLY = "talos:machine/configurationApply:ConfigurationApply";
const STASH = "pulumi:index:Stash";
const RELEASE = "kubernetes:helm.sh/v3:Release";
function devSpec(): ClusterSpecInput {
  const file = path.resolve(__dirname, "..", "..", "Pulumi.dev.yaml");
  const stack = parse(readFileSync(file, "utf8")) as { config: Record<string, ClusterSpecInput> };
  return stack.config["talos-cilium:cluster"]!;
}

/** Builds a cluster and waits until everything behind it is registered. */
async function build(name: string, spec: ClusterSpecInput, secretPatches = {}) {
  const { TalosCluster } = await import("../../components");
  const cluster = new TalosCluster(name, { spec, secretPatches });
  await promiseOf(cluster.bootstrapTimeline);
  await promiseOf(cluster.talosconfig);
  const applies = Object.values(cluster.machineConfiguration.applies);
  await Promise.all(applies.map((apply) => promiseOf(apply.urn)));
  return cluster;
}

const names = (recorder: Recorder, type: string) =>
  recorder.ofType(type).map((entry) => entry.name);

describe("TalosCluster under mocks (order in a real run is proved on the lab)", function () {
  this.timeout(30_000);
  let recorder: Recorder;

  beforeEach(async () => {
    recorder = await recordResources(mocks);
  });

  it("creates what it says, each once", async () => {
    await build("talos", devSpec());
    assert.deepEqual(names(recorder, "talos:machine/secrets:Secrets"), ["talos-secrets"]);
    assert.deepEqual(names(recorder, "talos:machine/bootstrap:Bootstrap"), ["talos-bootstrap"]);
    assert.deepEqual(names(recorder, "talos:cluster/kubeconfig:Kubeconfig"), ["talos-kubeconfig"]);
    assert.deepEqual(names(recorder, "pulumi:providers:kubernetes"), ["talos-kubernetes"]);
    assert.deepEqual(names(recorder, RELEASE), ["talos-release"]);
    assert.deepEqual(names(recorder, APPLY).sort(), [
      "talos-cp-1-apply",
      "talos-cp-2-apply",
      "talos-cp-3-apply",
      "talos-worker-1-apply",
      "talos-worker-2-apply",
    ]);
    assert.deepEqual(names(recorder, "kubernetes:core/v1:Secret").sort(), [
      "talos-cilium-ca",
      "talos-hubble-relay-client-certs",
      "talos-hubble-server-certs",
    ]);
    assert.deepEqual(names(recorder, STASH).sort(), [
      "talos-api-serves",
      "talos-api-serving-at",
      "talos-bootstrap-accepted-at",
      "talos-certificates",
      "talos-config-contract",
      "talos-cp-1-address",
      "talos-cp-2-address",
      "talos-cp-3-address",
      "talos-machines",
      "talos-ready",
      "talos-ready-times",
      "talos-versions",
      "talos-worker-1-address",
      "talos-worker-2-address",
    ]);
  });

  it("applies control planes one after the other and workers side by side", async () => {
    await build("talos", devSpec());
    const applied = (host: string) => recorder.find(APPLY, `talos-${host}-apply`).dependencies;
    const isApply = (host: string) => (urn: string) => urn.endsWith(`::talos-${host}-apply`);
    assert.ok(!applied("cp-1").some((urn) => urn.includes("configurationApply")));
    assert.ok(applied("cp-2").some(isApply("cp-1")));
    assert.ok(applied("cp-3").some(isApply("cp-2")));
    assert.ok(!applied("worker-2").some((urn) => urn.includes("configurationApply")));
    const { dependencies } = recorder.find("talos:machine/bootstrap:Bootstrap", "talos-bootstrap");
    assert.ok(dependencies.some(isApply("cp-1")));
    assert.ok(!dependencies.some(isApply("cp-2")), "bootstrap waits for no other control plane");
  });

  it("gives a talosconfig that reaches control planes where the program does", async () => {
    let asked: unknown;
    recorder = await recordResources({
      ...mocks,
      calls: (args) => {
        if (args.token === "talos:client/getConfiguration:getConfiguration") asked = args.inputs;
        return mocks.calls!(args);
      },
    });
    const [first, ...others] = devSpec().nodes;
    const endpoint = "talos.example.org:50001";
    await build("talos", { ...devSpec(), nodes: [{ ...first!, endpoint }, ...others] });
    const { endpoints, nodes } = asked as Record<string, string[]>;
    assert.deepEqual(endpoints, [endpoint, "127.0.0.3", "127.0.0.4"]);
    assert.equal(nodes![0], "127.0.0.2");
  });

  it("puts Cilium behind the API gate and the readiness gate behind Cilium", async () => {
    await build("talos", devSpec());
    const release = recorder.find(RELEASE, "talos-release");
    assert.ok(release.dependencies.some((urn) => urn.endsWith("::talos-api-serves")));
    assert.ok(release.dependencies.some((urn) => urn.endsWith("::talos-hubble-server-certs")));
    const provider = recorder.find("pulumi:providers:kubernetes", "talos-kubernetes");
    assert.ok(provider.dependencies.some((urn) => urn.endsWith("::talos-api-serves")));
    const ready = recorder.find(STASH, "talos-ready");
    assert.ok(ready.dependencies.some((urn) => urn.endsWith("::talos-release")));
    assert.deepEqual(ready.hooks, {
      beforeCreate: ["talos-ready-before-create"],
      beforeUpdate: ["talos-ready-judge-update", "talos-ready-before-update"],
    });
  });

  describe("with installMethod inline (rendered by the real Helm)", () => {
    useLabHelm();

    const inline = (): ClusterSpecInput => ({
      ...devSpec(),
      cilium: { ...devSpec().cilium, installMethod: "inline" },
    });

    it("puts the same Cilium into every control plane, no key in it, and makes no release", async () => {
      await build("talos", inline());
      assert.deepEqual(names(recorder, RELEASE), []);
      const patches = (host: string) =>
        recorder.find(APPLY, `talos-${host}-apply`).inputs["configPatches"] as string[];
      const manifests = (host: string) =>
        patches(host).filter((patch) => /inlineManifests/.test(patch));
      assert.equal(manifests("cp-1").length, 1);
      assert.match(manifests("cp-1")[0]!, /name: cilium\n/);
      assert.deepEqual(manifests("cp-3"), manifests("cp-1"));
      assert.deepEqual(manifests("worker-1"), []);
      assert.doesNotMatch(manifests("cp-1")[0]!, /PRIVATE KEY|LS0tLS1/);
    });

    it("opens the readiness gate behind the certificates and every control plane", async () => {
      await build("talos", inline());
      const { dependencies } = recorder.find(STASH, "talos-ready");
      for (const name of ["talos-api-serves", "talos-hubble-server-certs", "talos-cp-3-apply"]) {
        assert.ok(
          dependencies.some((urn) => urn.endsWith(`::${name}`)),
          name,
        );
      }
    });

    it("notes what Talos applies before any machine has it, so that no failed run forgets it", async () => {
      await build("talos", inline());
      const { inputs } = recorder.find(STASH, "talos-versions");
      const { byTalos } = inputs["input"] as { byTalos: string[] };
      assert.ok(byTalos.includes("DaemonSet kube-system/cilium"), byTalos.join("\n"));
      const configuration = recorder.find("talos-cilium:index:MachineConfiguration", "talos");
      assert.ok(configuration.dependencies.some((urn) => urn.endsWith("::talos-versions")));
    });

    it("makes nothing where the chart cannot be rendered", async () => {
      process.env["HELM_BIN"] = "/nowhere/helm";
      const { TalosCluster } = await import("../../components");
      assert.throws(() => new TalosCluster("talos", { spec: inline() }), /helm-missing/);
      assert.deepEqual(
        recorder.registrations.filter(({ type }) => !type.startsWith("talos-cilium:")),
        [],
      );
    });

    it("leads control planes to a hosted file, writes it, and gives its digest", async () => {
      const folder = mkdtempSync(path.join(tmpdir(), "hosted-"));
      const [url, file] = ["http://127.0.0.1:1/cilium.yaml", path.join(folder, "a", "cilium.yaml")];
      const spec: ClusterSpecInput = {
        ...devSpec(),
        cilium: { ...devSpec().cilium, installMethod: "hosted", hosted: { url, file } },
      };
      const { TalosCluster } = await import("../../components");
      assert.throws(() => new TalosCluster("other", { spec }), /hosted-unreachable/);
      const cluster = await build("talos", { ...spec, silencedRules: ["hosted-unreachable"] });
      const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
      assert.deepEqual(cluster.hostedManifest, { file, url, sha256 });
      const below = path.join(file, "cilium.yaml");
      const cilium = { ...spec.cilium, hosted: { url, file: below } };
      assert.throws(() => new TalosCluster("below", { spec: { ...spec, cilium } }), /hosted-file/);
      rmSync(folder, { recursive: true });
      const patches = (host: string) =>
        (recorder.find(APPLY, `talos-${host}-apply`).inputs["configPatches"] as string[]).filter(
          (patch) => patch.includes("extraManifests"),
        );
      assert.deepEqual(patches("cp-1"), [`cluster:\n  extraManifests:\n    - ${url}\n`]);
      assert.deepEqual(patches("worker-1"), []);
      assert.deepEqual(names(recorder, RELEASE), []);
    });
  });

  it("gives control planes a Job, and waits for it", async () => {
    await build("talos", {
      ...devSpec(),
      cilium: { version: "1.20.0", installMethod: "job", cli: { version: "0.19.7" } },
    });
    const patches = recorder.find(APPLY, "talos-cp-1-apply").inputs["configPatches"] as string[];
    assert.equal(patches.filter((patch) => /name: cilium-install\n/.test(patch)).length, 1);
    assert.deepEqual(names(recorder, RELEASE), []);
    const ready = recorder.find(STASH, "talos-ready");
    assert.ok(ready.dependencies.some((urn) => urn.endsWith("::talos-job")));
  });

  it("keeps what must not go by accident", async () => {
    await build("talos", { ...devSpec(), protect: undefined });
    assert.equal(recorder.find("talos:machine/secrets:Secrets", "talos-secrets").protect, true);
    assert.deepEqual(
      recorder.find("talos:machine/secrets:Secrets", "talos-secrets").ignoreChanges,
      ["talosVersion"],
    );
    const release = recorder.find(RELEASE, "talos-release");
    assert.equal(release.retainOnDelete, true);
    assert.equal(release.inputs["skipAwait"], true);
    assert.equal(release.inputs["name"], "cilium");
    assert.equal(release.inputs["namespace"], "kube-system");
    for (const secret of recorder.ofType("kubernetes:core/v1:Secret")) {
      assert.equal(secret.retainOnDelete, true, secret.name);
    }
    const provider = recorder.find("pulumi:providers:kubernetes", "talos-kubernetes");
    assert.equal(revealed(provider.inputs["clusterIdentifier"]), CLUSTER_ID);
    for (const stash of ["talos-certificates", "talos-ready-times", "talos-api-serving-at"]) {
      assert.deepEqual(recorder.find(STASH, stash).ignoreChanges, ["input"], stash);
    }
  });

  it("judges the way between versions and machines in the preview, before a machine is touched", async () => {
    await build("talos", devSpec());
    const { inputs } = recorder.find(STASH, "talos-versions");
    assert.deepEqual(Object.keys(inputs["input"] as object).sort(), [
      "cilium",
      "installMethod",
      "kubernetes",
      "talos",
    ]);
    assert.deepEqual(recorder.previewHooks.sort(), [
      "talos-machines-judge-update",
      "talos-ready-judge-update",
      "talos-versions-judge-update",
    ]);
    const order = recorder.registrations.map(({ name }) => name);
    for (const { name } of recorder.ofType(APPLY)) {
      assert.ok(order.indexOf("talos-versions") < order.indexOf(name), name);
      assert.ok(order.indexOf("talos-machines") < order.indexOf(name), name);
    }
  });

  it("leaves machine secrets of a throw-away stack unprotected", async () => {
    await build("talos", devSpec());
    assert.equal(recorder.find("talos:machine/secrets:Secrets", "talos-secrets").protect, false);
  });

  it("keeps secrets secret on their way", async () => {
    const spec = { ...devSpec(), configPatchesFrom: ["auth"] };
    const cluster = await build("talos", spec, { auth: "machine:\n  token: x\n" });
    assert.ok(isSecret(recorder.find(STASH, "talos-certificates").inputs["input"]));
    const provider = recorder.find("pulumi:providers:kubernetes", "talos-kubernetes");
    assert.ok(isSecret(provider.inputs["kubeconfig"]));
    for (const secret of recorder.ofType("kubernetes:core/v1:Secret")) {
      assert.ok(isSecret(secret.inputs["stringData"]), secret.name);
    }
    const { configPatches } = recorder.find(APPLY, "talos-cp-1-apply").inputs;
    const patches = revealed(configPatches) as unknown[];
    assert.ok(isSecret(configPatches) || isSecret(patches.at(-1)));
    const marks = [cluster.kubeconfig, cluster.talosconfig].map((output) =>
      pulumi.isSecret(output),
    );
    assert.deepEqual(await Promise.all(marks), [true, true]);
    assert.equal(await pulumi.isSecret(cluster.bootstrapTimeline), false);
  });

  it("names every timeout of a Talos resource or none", async () => {
    await build("talos", devSpec());
    const keys = {
      [APPLY]: 3,
      "talos:machine/bootstrap:Bootstrap": 1,
      "talos:cluster/kubeconfig:Kubeconfig": 2,
    };
    for (const [type, count] of Object.entries(keys)) {
      for (const { name, inputs } of recorder.ofType(type)) {
        assert.equal(Object.keys(inputs["timeouts"] as object).length, count, name);
      }
    }
  });

  it("registers every hook once, also with two clusters in one program", async () => {
    await build("east", devSpec());
    await build("west", { ...devSpec(), clusterName: "west" });
    assert.equal(new Set(recorder.hooks).size, recorder.hooks.length);
    const bound = recorder.registrations.flatMap(({ hooks }) => [
      ...hooks.beforeCreate,
      ...hooks.beforeUpdate,
    ]);
    assert.deepEqual([...bound].sort(), [...recorder.hooks].sort());
    assert.ok(bound.includes("west-cp-2-apply-before-update"));
    assert.ok(!bound.includes("west-worker-1-apply-before-update"));
  });

  it("works in an importer's unit test, where the monitor registers no hooks", async () => {
    recorder = await recordResources({ ...mocks, registersHooks: false });
    await build("talos", devSpec());
    assert.equal(names(recorder, RELEASE).length, 1);
    assert.equal(recorder.hooks.length, 0);
  });

  it("makes no secrets where they are given", async () => {
    const { TalosCluster } = await import("../../components");
    const cluster = new TalosCluster("talos", {
      spec: devSpec(),
      existingSecrets: {
        machineSecrets: { cluster: { id: "given", secret: "s" } } as never,
        clientConfiguration: { caCertificate: "ca", clientCertificate: "c", clientKey: "k" },
      },
    });
    await promiseOf(cluster.bootstrapTimeline);
    assert.equal(names(recorder, "talos:machine/secrets:Secrets").length, 0);
    assert.equal(await promiseOf(cluster.machineSecrets.clusterId), "given");
  });

  it("creates nothing for a spec with problems, and names them all", async () => {
    const { TalosCluster } = await import("../../components");
    const spec = {
      ...devSpec(),
      clusterEndpoint: "http://192.0.2.1:6443",
      dnsDomain: "bad domain",
    };
    assert.throws(
      () => new TalosCluster("talos", { spec }),
      (error: Error) =>
        error.message.includes("clusterEndpoint") && error.message.includes("dnsDomain"),
    );
    assert.deepEqual(
      recorder.registrations.filter((entry) => !entry.type.startsWith("talos-cilium:")),
      [],
    );
  });
});
