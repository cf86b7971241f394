import assert from "node:assert/strict";
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { ClusterSpecInput } from "../../components";
import { assertFailed, textOf } from "../support/assertFailed";
import { putRevision } from "../support/putRevision";
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
});
