import assert from "node:assert/strict";

import type { PulumiResult } from "../../lab/engine/pulumiProcess";
import { assertFailed, textOf } from "../support/assertFailed";
import { requireBinaries, TestLab } from "../support/testLab";
import { releaseFaultTests, withCilium } from "./releaseFaults";

describe("bad luck on the way up, one cured after the other (machines are simulated)", function () {
  this.timeout(180_000);
  this.slow(30_000);
  let lab: TestLab;
  /** Whose Bootstrap loses its reply, which takes the provider most of a minute to give up on. */
  let cutOff: TestLab;
  let losing: Promise<PulumiResult>;
  /** Seconds from the creation of its Bootstrap to the end of that run. */
  let lost: Promise<number>;
  /** To its machine that changed something, up to that moment. */
  let calls: number;
  const node = () => lab.spec.nodes[0]!.ipAddress;
  const impatient = () => ({ ...lab.spec, readyTimeout: "3s" });

  before(requireBinaries);
  before(async () => {
    cutOff = await TestLab.start();
    await cutOff.setFaults(cutOff.spec.nodes[0]!.ipAddress, { cutBeforeReply: { Bootstrap: 1 } });
    losing = cutOff.run("up");
    lost = secondsSinceBootstrap(cutOff, losing);
    lab = await TestLab.start();
  });
  after(async () => {
    await losing?.catch(() => undefined);
    await Promise.all([lab?.stop(), cutOff?.stop()]);
  });

  it("refuses a wrong configuration with all its problems, at once", async () => {
    const sound = await lab.run("preview");
    assert.equal(sound.exitCode, 0, sound.stderr);
    lab.writeStack({
      ...lab.spec,
      clusterEndpoint: "http://192.0.2.1:6443",
      dnsDomain: "not a domain",
      podSubnets: ["10.244.0.0/99"],
    });
    const result = await lab.run("up");
    // An exception costs 17 s and more on Node 20 without components/stackTraces.ts.
    assertFailed(result, 3 * sound.seconds, /clusterEndpoint/, /dnsDomain/, /podSubnets\[0\]/);
    assert.deepEqual(await lab.mutatingCalls(), { nodes: 0, apiServer: 0 });
  });

  it("says how to correct the address of a machine that was mistyped in the first run", async () => {
    const mistyped = lab.spec.nodes.map((each) => ({
      ...each,
      ipAddress: each.ipAddress.replace(/\d+$/, "99"),
    }));
    lab.writeStack({ ...impatient(), nodes: mistyped });
    assertFailed(await lab.run("up"), 30, /node cp-1 \(127\.[\d.]+\.99\)/);
    lab.writeStack(impatient());
    const refused = await lab.run("preview");
    assertFailed(refused, 20, /nodes\[0\]\.ipAddress \[latched-value-changed\]/);
    const [line] = textOf(refused).match(/pulumi state delete .*'/) ?? ["no line"];
    await lab.shell(line);
    const corrected = await lab.run("preview");
    assert.equal(corrected.exitCode, 0, textOf(corrected));
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

  it("fails the preview for a chart that is not there", async () => {
    withCilium(lab, { chart: "./lab/charts/no-such-chart" });
    assertFailed(await lab.run("preview"), 20, /no-such-chart/);
  });

  it("fails the preview for a value that the chart does not know, and names the nearest", async () => {
    withCilium(lab, { values: { hubbel: { enabled: false } } });
    assertFailed(await lab.run("preview"), 20, /hubbel/, /hubble/);
  });

  it("names an API server that does not serve in time, and where to look", async () => {
    await lab.setFaults(node(), { controlPlaneDelayMs: 9_000 });
    withCilium(lab, {}, { readyTimeout: "2s" });
    assertFailed(
      await lab.run("up"),
      // The machine is nine seconds late by then, and other tests run beside this one.
      45,
      /talos-api-serves/,
      /the API server does not serve: nothing listens yet/,
      /talosctl service etcd/,
    );
    // Before it begins to serve, which nobody has a use for.
    await lab.stop();
  });

  it("says within the first minute how to go on when the reply of Bootstrap is lost", async () => {
    const result = await losing;
    assertFailed(result, Infinity, /pulumi import .*"talos-bootstrap"/);
    const seconds = await lost;
    assert.ok(seconds < 60, `${seconds} s`);
    const line = textOf(result).match(/pulumi import .*/)![0];
    assert.match(await cutOff.shell(line), /talos-bootstrap imported/);
    const refresh = await cutOff.run("refresh");
    assert.equal(refresh.exitCode, 0, textOf(refresh));
    calls = (await cutOff.mutatingCalls()).nodes;
  });

  releaseFaultTests(() => cutOff);

  it("has gone on from there without a second bootstrap", async () => {
    assert.equal((await cutOff.mutatingCalls()).nodes, calls);
  });

  it("names a node with other PKI at once", () =>
    // A stack that knows nothing of the machine makes machine secrets of its own.
    cutOff.withoutState(async () =>
      assertFailed(
        await cutOff.run("up"),
        20,
        /node cp-1/,
        /other machine secrets/,
        /talosctl reset/,
      ),
    ));

  // That the next `up` changes nothing after such a break is in lifeCycle.test.ts.
  it("survives a cluster that cannot be reached: the preview does not wait for it", async () => {
    await cutOff.switchOff();
    await cutOff.switchOn({ machines: false });
    const preview = await cutOff.run("preview");
    assert.equal(preview.exitCode, 0, textOf(preview));
    assert.ok(preview.seconds < 20, `it took ${preview.seconds} s`);
  });
});

async function secondsSinceBootstrap(lab: TestLab, run: Promise<unknown>): Promise<number> {
  const begun = () => lab.printed.some((line) => /talos-bootstrap creating/.test(line));
  let since: number | undefined;
  const watch = setInterval(() => (since ??= begun() ? Date.now() : undefined), 100);
  await run.finally(() => clearInterval(watch));
  return (Date.now() - since!) / 1000;
}
