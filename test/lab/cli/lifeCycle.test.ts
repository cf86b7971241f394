import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { ClonedLab } from "../../support/clonedLab";
import { requireBinaries } from "../../support/testLab";

describe("commands of the lab, from a clone (machines are simulated; npm itself is not run)", function () {
  this.timeout(120_000);
  this.slow(60_000);
  let lab: ClonedLab;

  before(requireBinaries);
  before(() => (lab = new ClonedLab()));
  after(async () => lab?.remove());

  const processes = () =>
    execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line.includes(lab.dir));

  const untilNothingRuns = async () => {
    for (let i = 0; i < 100 && processes().length > 0; i++) await sleep(50);
    assert.deepEqual(processes(), []);
  };

  it("refuses a wrong configuration within three seconds, all problems at once, nothing started", async () => {
    lab.writeStack({ clusterEndpoint: "ftp://x", podSubnets: ["10.96.0.0/12"] });
    // The first start of a clone transpiles, and tests of other files run beside: the quickest of three counts.
    let { code, text, seconds } = await lab.run();
    for (let again = 0; seconds >= 3 && again < 2; again++)
      ({ code, text, seconds } = await lab.run());
    lab.writeStack({});
    assert.equal(code, 1, text);
    assert.match(text, /clusterEndpoint/);
    assert.match(text, /podSubnets|serviceSubnets/);
    assert(seconds < 3, `${seconds} s`);
    assert.equal(lab.hasFolder, false);
  });

  it("names a port that is in use, and leaves nothing running", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(50_000, `${lab.network}.3`, resolve));
    const { code, text } = await lab.run();
    server.close();
    assert.equal(code, 1, text);
    assert.match(text, new RegExp(`${lab.network}\\.3:50000 is in use`));
    await untilNothingRuns();
  });

  for (const [moment, sign] of [
    ["while the machines are switched on", /switching the machines on/],
    ["in the middle of the update", /talos-api-serves creating/],
  ] as const) {
    it(`leaves nothing half-started at Ctrl-C ${moment}, and says what is left`, async () => {
      let interrupted = false;
      const { child, result } = lab.start([], (text) => {
        if (interrupted || !sign.test(text) || !child.pid) return;
        interrupted = true;
        process.kill(-child.pid, "SIGINT");
      });
      const { code, text } = await result;
      assert.equal(code, 130, text);
      assert.match(text, /The lab is off; its disks and Pulumi's state are in \.lab\/dev/);
      await untilNothingRuns();
    });
  }

  it("goes on from there, and says first what is real and what stands in", async () => {
    const { code, text } = await lab.run("up");
    assert.equal(code, 0, text);
    const [first, real, standIns] = text.split("\n");
    assert.match(first ?? "", /^Lab dev: 2 nodes \(1 control plane, 1 worker\)/);
    assert.match(real ?? "", /real: .*kube-apiserver/);
    assert.match(standIns ?? "", /stand-ins: .*the talos provider/);
    assert.match(text, /worker-1 +Ready/);
    assert.match(text, /API serving +\+/);
    const report = readFileSync(path.join(lab.dir, "report", "report.json"), "utf8");
    assert.match(report, /"worker-1"/);
  });

  it("refuses a second lab with the process id of the first", async () => {
    const { code, text } = await lab.run();
    assert.equal(code, 1);
    assert.match(text, new RegExp(`already \\(pid ${lab.pid()}\\)`));
  });

  it("runs kubectl and gives its exit code on", async () => {
    const { code, text } = await lab.run("kubectl", "get", "nodes", "-o", "name");
    assert.equal(code, 0, text);
    assert.equal(text, "node/cp-1\nnode/worker-1\n");
    assert.equal((await lab.run("kubectl", "get", "node", "nobody")).code, 1);
  });

  it("shows the machines and the nodes", async () => {
    const { code, text } = await lab.run("status");
    assert.equal(code, 0);
    assert.match(text, /cp-1 +127\.\S+ +running/);
    assert.match(text, /worker-1 +Ready/);
  });

  it("prints a kubeconfig and nothing else", async () => {
    const { text } = await lab.run("kubeconfig");
    assert.match(text, /^apiVersion: v1\n/);
    assert.match(text, /current-context/);
  });

  it("comes back with its cluster after its process was killed", async () => {
    process.kill(lab.pid(), "SIGKILL");
    const { code, text } = await lab.run("up", "--expect-no-changes");
    assert.equal(code, 0, text);
    assert.match(text, /worker-1 +Ready/);
  });

  it("switches on a machine that the configuration has more", async () => {
    lab.writeStack({}, 2);
    const { code, text } = await lab.run("up");
    assert.equal(code, 0, text);
    assert.match(text, /worker-2 +Ready/);
  });

  it("previews beside the running lab", async () => {
    const { code, text } = await lab.run("preview", "--expect-no-changes");
    assert.equal(code, 0, text);
  });

  it("takes everything away, and nothing of it runs on", async () => {
    const { code, text } = await lab.run("destroy");
    assert.equal(code, 0, text);
    assert.equal(lab.hasFolder, false);
    await untilNothingRuns();
  });
});
