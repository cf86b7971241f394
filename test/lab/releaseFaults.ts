import assert from "node:assert/strict";
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { ClusterSpecInput } from "../../components";
import { assertFailed, textOf } from "../support/assertFailed";
import { putRevision } from "../support/putRevision";
import type { TestLab } from "../support/testLab";

/** What stands in the stack file of a lab, with changes to Cilium and to the cluster. */
export function withCilium(
  lab: TestLab,
  cilium: Partial<ClusterSpecInput["cilium"]>,
  more: object = {},
): void {
  lab.writeStack({ ...lab.spec, ...more, cilium: { ...lab.spec.cilium, ...cilium } });
}

/** Bad luck of the release, on a cluster that serves and has no Cilium yet; it is ready after them. */
export function releaseFaultTests(on: () => TestLab): void {
  it("ends with Helm's words when the chart does not render", async () => {
    const chart = path.join(mkdtempSync(path.join(on().dir, "chart-")), "cilium");
    cpSync(path.resolve(__dirname, "..", "..", "lab", "charts", "cilium"), chart, {
      recursive: true,
    });
    writeFileSync(
      path.join(chart, "templates", "broken.yaml"),
      '{{ fail "this chart is broken" }}\n',
    );
    withCilium(on(), { chart });
    assertFailed(await on().run("up"), 60, /this chart is broken/);
  });

  it("heals a release that a killed run left pending, once it is older than its time limit", async () => {
    await putRevision(on(), "pending-install", 600);
    withCilium(on(), { timeout: "60s" });
    const result = await on().up();
    assert.match(textOf(result), /revision 1 is pending-install since 6\d\d s/);
    assert.match(textOf(result), /removed/);
  });

  it("names the node, the pod and the reason when an agent never gets ready", async () => {
    on().running.setClusterFaults("test", { agentNeverReady: ["cp-1"] });
    const agents = ["-n", "kube-system", "delete", "pod", "-l", "k8s-app=cilium", "--wait=false"];
    await on().kubectl(agents);
    withCilium(on(), { values: { debug: { verbose: "flow" } } }, { readyTimeout: "4s" });
    assertFailed(await on().run("up"), 40, /DaemonSet cilium has 0 of 1/, /pod cilium-\w+ .*cp-1/);
    on().running.setClusterFaults("test", { agentNeverReady: [] });
  });

  it("goes on from there when the cause is cured", async () => {
    withCilium(on(), { values: { debug: { verbose: "flow" } } });
    await on().up();
  });
}
