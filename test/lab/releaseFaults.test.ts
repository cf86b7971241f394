import assert from "node:assert/strict";
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

import type { ClusterSpecInput } from "../../components";
import { assertFailed, textOf } from "../support/assertFailed";
import { requireBinaries, TestLab } from "../support/testLab";

describe("bad luck of the release (machines are simulated)", function () {
  this.timeout(180_000);
  this.slow(30_000);
  let lab: TestLab;
  const withCilium = (cilium: Partial<ClusterSpecInput["cilium"]>, more: object = {}) =>
    lab.writeStack({ ...lab.spec, ...more, cilium: { ...lab.spec.cilium, ...cilium } });

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start();
  });
  after(async () => lab?.stop());

  it("fails the preview for a chart that is not there", async () => {
    withCilium({ chart: "./lab/charts/no-such-chart" });
    assertFailed(await lab.run("preview"), 20, /no-such-chart/);
  });

  it("fails the preview for a value that the chart does not know, and names the nearest", async () => {
    withCilium({ values: { hubbel: { enabled: false } } });
    assertFailed(await lab.run("preview"), 20, /hubbel/, /hubble/);
  });

  it("names an API server that does not serve in time, and where to look", async () => {
    await lab.setFaults(lab.spec.nodes[0]!.ipAddress, { controlPlaneDelayMs: 9_000 });
    withCilium({}, { readyTimeout: "2s" });
    assertFailed(
      await lab.run("up"),
      // The machine is nine seconds late by then, and other tests run beside this one.
      45,
      /talos-api-serves/,
      /the API server does not serve: nothing listens yet/,
      /talosctl service etcd/,
    );
    await lab.setFaults(lab.spec.nodes[0]!.ipAddress, { controlPlaneDelayMs: 0 });
  });

  it("ends with Helm's words when the chart does not render", async () => {
    const chart = path.join(mkdtempSync(path.join(tmpdir(), "chart-")), "cilium");
    cpSync(path.resolve(__dirname, "..", "..", "lab", "charts", "cilium"), chart, {
      recursive: true,
    });
    writeFileSync(
      path.join(chart, "templates", "broken.yaml"),
      '{{ fail "this chart is broken" }}\n',
    );
    withCilium({ chart });
    assertFailed(await lab.run("up"), 60, /this chart is broken/);
  });

  it("heals a release that a killed run left pending, once it is older than its time limit", async () => {
    await putRevision(lab, "pending-install", 600);
    withCilium({ timeout: "60s" });
    const result = await lab.up();
    assert.match(textOf(result), /revision 1 is pending-install since 6\d\d s/);
    assert.match(textOf(result), /removed/);
  });

  it("names the node, the pod and the reason when an agent never gets ready", async () => {
    lab.running.setClusterFaults("test", { agentNeverReady: ["cp-1"] });
    await lab.kubectl([
      "-n",
      "kube-system",
      "delete",
      "pod",
      "-l",
      "k8s-app=cilium",
      "--wait=false",
    ]);
    withCilium({ values: { debug: { verbose: "flow" } } }, { readyTimeout: "4s" });
    assertFailed(await lab.run("up"), 40, /DaemonSet cilium has 0 of 1/, /pod cilium-\w+ .*cp-1/);
    lab.running.setClusterFaults("test", { agentNeverReady: [] });
  });

  it("goes on from there when the cause is cured", async () => {
    withCilium({ values: { debug: { verbose: "flow" } } });
    await lab.up();
  });

  it("waits for a revision that a person may be installing now", async () => {
    await putRevision(lab, "pending-upgrade", 0);
    withCilium({ timeout: "5s", values: { debug: { enabled: true } } });
    const result = await lab.up();
    assert.match(textOf(result), /somebody may be at it|pending-upgrade since/);
    assert.ok(result.seconds > 5, `it did not wait: ${result.seconds} s`);
  });

  it("leaves a deployed release alone that the state does not know, and says how to take it over", async () => {
    const release = await urnOf(lab, "talos-release");
    await lab.shell(`pulumi state delete --yes --target-dependents '${release}'`);
    const before = await revisions(lab);
    withCilium({ values: { debug: { enabled: false } } });
    const result = await lab.run("up");
    assertFailed(result, 30, /release cilium in kube-system is there already .*deployed/);
    assert.equal(await revisions(lab), before);
    const line = textOf(result).match(/pulumi import .*/)![0];
    assert.match(await lab.shell(line), /talos-release imported/);
    assert.equal(await revisions(lab), before);
    assert.match(textOf(await lab.up()), /talos-release updated/);
  });
});

async function urnOf(lab: TestLab, name: string): Promise<string> {
  const { deployment } = (await lab.exportState()) as {
    deployment: { resources: { urn: string }[] };
  };
  return deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`))!.urn;
}

/** The stored revisions of the release, each with the version of its Secret. */
async function revisions(lab: TestLab): Promise<string> {
  const fields =
    "jsonpath={range .items[*]}{.metadata.name} {.metadata.resourceVersion}{'\\n'}{end}";
  return lab.kubectl([
    ...["-n", "kube-system", "get", "secrets", "-l", "owner=helm,name=cilium"],
    ...["-o", fields],
  ]);
}

/** Puts a revision of the release there as Helm stores it, touched so many seconds ago. */
async function putRevision(lab: TestLab, status: string, ageSeconds: number) {
  const before = await lab.kubectl([
    "-n",
    "kube-system",
    "get",
    "secrets",
    "-l",
    "owner=helm",
    "-o",
    "name",
  ]);
  const last = Math.max(0, ...[...before.matchAll(/\.v(\d+)$/gm)].map((match) => Number(match[1])));
  const version = last + 1;
  const time = new Date(Date.now() - ageSeconds * 1000).toISOString();
  const release = {
    name: "cilium",
    namespace: "kube-system",
    version,
    info: { status, first_deployed: time, last_deployed: time },
    chart: { metadata: { name: "cilium", version: "1.20.0", apiVersion: "v2" } },
    config: {},
    manifest: "",
  };
  const packed = gzipSync(JSON.stringify(release)).toString("base64");
  const touched = String(Math.floor(Date.parse(time) / 1000));
  const labels = {
    name: "cilium",
    owner: "helm",
    status,
    version: String(version),
    createdAt: touched,
  };
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    type: "helm.sh/release.v1",
    metadata: { name: `sh.helm.release.v1.cilium.v${version}`, namespace: "kube-system", labels },
    data: { release: Buffer.from(packed).toString("base64") },
  };
  await lab.kubectl(["create", "-f", "-"], JSON.stringify(secret));
}
