import assert from "node:assert/strict";
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

import type { ClusterSpecInput } from "../../components";
import type { PulumiResult } from "../../lab/engine/pulumiProcess";
import { requireBinaries, TestLab } from "../support/testLab";

const text = (result: PulumiResult) => `${result.stdout}\n${result.stderr}`;

/** One that ends soon, and says what it must. */
function assertFailed(result: PulumiResult, seconds: number, ...patterns: RegExp[]): void {
  assert.notEqual(result.exitCode, 0, "it should have failed");
  for (const pattern of patterns) assert.match(text(result), pattern);
  assert.ok(result.seconds < seconds, `it took ${result.seconds} s, more than ${seconds}`);
}

describe("bad luck on the way up, on one node after the other cure (machines are simulated)", function () {
  this.timeout(180_000);
  this.slow(30_000);
  let lab: TestLab;
  const node = () => lab.spec.nodes[0]!.ipAddress;
  const impatient = () => ({ ...lab.spec, readyTimeout: "3s" });

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start();
  });
  after(async () => lab?.stop());

  it("refuses a wrong configuration with all its problems, at once", async () => {
    lab.writeStack({
      ...lab.spec,
      clusterEndpoint: "http://192.0.2.1:6443",
      dnsDomain: "not a domain",
      podSubnets: ["10.244.0.0/99"],
    });
    const result = await lab.run("up");
    // 17 s and more is what an exception costs on Node 20 without components/stackTraces.ts.
    assertFailed(result, 12, /clusterEndpoint/, /dnsDomain/, /podSubnets\[0\]/);
    assert.deepEqual(await lab.mutatingCalls(), { nodes: 0, apiServer: 0 });
  });

  it("names a node that is off, and what to do", async () => {
    await lab.setFaults(node(), { portClosed: true });
    lab.writeStack(impatient());
    assertFailed(
      await lab.run("up"),
      30,
      /node cp-1 \(127\./,
      /connection refused/,
      /Boot the machine/,
    );
    await lab.setFaults(node(), { portClosed: false });
  });

  it("gives up on a node that takes connections and says nothing", async () => {
    await lab.setFaults(node(), { blackHole: true });
    assertFailed(await lab.run("up"), 40, /node cp-1 \(127\./, /does not answer/);
    await lab.setFaults(node(), { blackHole: false });
  });

  it("passes a node's refusal of its configuration on", async () => {
    const refuseConfiguration = "1 error occurred:\n\t* install disk is not there";
    await lab.setFaults(node(), { refuseConfiguration });
    assertFailed(await lab.run("up"), 20, /talos-cp-1-apply/, /install disk is not there/);
    await lab.setFaults(node(), { refuseConfiguration: undefined });
  });

  it("says within the first minute how to go on when the reply of Bootstrap is lost", async () => {
    lab.writeStack(lab.spec);
    await lab.setFaults(node(), { cutBeforeReply: { Bootstrap: 1 } });
    const result = await lab.run("up");
    assertFailed(result, 65, /pulumi import .*"talos-bootstrap"/);
    const line = text(result).match(/pulumi import .*/)![0];
    assert.match(await lab.shell(line), /talos-bootstrap imported/);
  });

  it("goes on from there to a cluster that is ready, without a second bootstrap", async () => {
    const { nodes } = await lab.mutatingCalls();
    await lab.up();
    assert.deepEqual((await lab.mutatingCalls()).nodes, nodes);
  });

  it("survives a cluster that cannot be reached: the preview does not wait for it", async () => {
    await lab.switchOff();
    await lab.switchOn({ machines: false });
    const preview = await lab.run("preview");
    assert.equal(preview.exitCode, 0, text(preview));
    assert.ok(preview.seconds < 20, `it took ${preview.seconds} s`);
    await lab.switchOff();
    await lab.switchOn();
    await lab.up(["--expect-no-changes"]);
  });

  it("names a node with other PKI at once", async () => {
    // A stack that knows nothing of the machine makes machine secrets of its own.
    lab.forgetState();
    assertFailed(await lab.run("up"), 20, /node cp-1/, /other machine secrets/, /talosctl reset/);
  });
});

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
    await putRevision(lab, 1, "pending-install", 600);
    withCilium({ timeout: "60s" });
    const result = await lab.up();
    assert.match(text(result), /revision 1 is pending-install since 6\d\d s/);
    assert.match(text(result), /removed/);
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
    await putRevision(lab, 3, "pending-upgrade", 0);
    withCilium({ timeout: "5s", values: { debug: { enabled: true } } });
    const result = await lab.up();
    assert.match(text(result), /somebody may be at it|pending-upgrade since/);
    assert.ok(result.seconds > 5, `it did not wait: ${result.seconds} s`);
  });
});

/** Puts a revision of the release there as Helm stores it, touched so many seconds ago. */
async function putRevision(lab: TestLab, version: number, status: string, ageSeconds: number) {
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

describe("a run that is killed at any moment (machines are simulated)", function () {
  this.timeout(240_000);
  this.slow(60_000);
  let lab: TestLab;

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start({ controlPlanes: 1, workers: 1 });
  });
  after(async () => lab?.stop());

  const moments = [
    /talos-secrets created/,
    /talos-cp-1-apply creating/,
    /talos-bootstrap created/,
    /talos-api-serves creating/,
    /talos-certificates created/,
    /talos-ready creating/,
  ];
  for (const moment of moments) {
    it(`is killed at ${moment.source}`, async () => {
      assert.equal(await lab.upKilledAt(moment), true, lab.printed.slice(-20).join("\n"));
    });
  }

  it("is continued by the next one, which bootstraps nothing again", async () => {
    await lab.up();
    const bootstraps = lab.printed.filter((line) => /talos-bootstrap created/.test(line));
    assert.equal(bootstraps.length, 1);
    await lab.up(["--expect-no-changes"]);
  });
});

describe("a renewed kubeconfig and a moved endpoint (machines are simulated)", function () {
  this.timeout(180_000);
  this.slow(60_000);
  let lab: TestLab;

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start();
    await lab.up();
  });
  after(async () => lab?.stop());

  it("replace nothing", async () => {
    const { port, hostname } = new URL(lab.spec.clusterEndpoint);
    const names = lab.spec.certSANs ?? [];
    lab.writeStack({
      ...lab.spec,
      clusterEndpoint: `https://localhost:${port}`,
      certSANs: [...names, hostname, "localhost"],
    });
    const preview = await lab.run("preview", ["--diff"]);
    assert.equal(preview.exitCode, 0, text(preview));
    assert.doesNotMatch(text(preview), /replace|delete/i);
    assert.match(text(preview), /to update/);
  });
});
