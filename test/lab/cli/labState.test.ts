import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { askLab, serveControl } from "../../../lab/cli/control";
import { runningLab } from "../../../lab/cli/daemonProcess";
import { readLabState, writeLabState, type LabState } from "../../../lab/cli/labState";
import { takeRunLock } from "../../../lab/cli/runLock";

describe("a running lab, as other commands see it (the lab itself is a stub here)", () => {
  let dir: string;
  let server: Server;
  let state: LabState;

  beforeEach(async () => {
    dir = mkdtempSync(path.join(tmpdir(), "lab-state-"));
    const served = await serveControl("secret", async (call) => ({ asked: call }));
    server = served.server;
    state = {
      pid: process.pid,
      controlPort: served.port,
      token: "secret",
      talosPort: 1,
      kubernetesPort: 2,
      startedAt: new Date().toISOString(),
    };
  });

  afterEach(() => {
    server.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it("answers whoever has its token", async () => {
    assert.deepEqual(await askLab(state, "status"), { asked: "status" });
  });

  it("answers nobody else", async () => {
    await assert.rejects(askLab({ ...state, token: "guess" }, "stop"), /answered stop/);
  });

  it("keeps its token from other users", () => {
    writeLabState(dir, state);
    assert.equal(statSync(path.join(dir, "lab.json")).mode & 0o077, 0);
    assert.deepEqual(readLabState(dir), state);
  });

  it("is found by its state", async () => {
    writeLabState(dir, state);
    assert.equal((await runningLab(dir))?.pid, process.pid);
  });

  it("is not taken for dead where it only does not answer yet", async () => {
    const busy = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(busy, "listening");
    writeLabState(dir, { ...state, controlPort: (busy.address() as AddressInfo).port });
    await assert.rejects(runningLab(dir, 50), /the lab \(pid \d+\) has not answered for 0\.05 s/);
    busy.closeAllConnections();
    busy.close();
  });

  it("is not found when its process is gone, or its number is another's now", async () => {
    assert.equal(await runningLab(dir), undefined);
    writeLabState(dir, { ...state, pid: spawnSync("true").pid });
    assert.equal(await runningLab(dir), undefined);
    writeLabState(dir, { ...state, token: "another lab's" });
    assert.equal(await runningLab(dir), undefined);
  });

  it("is changed by one command at a time, which is named", () => {
    const release = takeRunLock(dir, "up");
    const pattern = new RegExp(`\`up\` \\(pid ${process.pid}\\) is at work`);
    assert.throws(() => takeRunLock(dir, "destroy"), pattern);
    release();
    takeRunLock(dir, "destroy")();
  });

  it("forgets the command that was killed", () => {
    writeFileSync(path.join(dir, "command.lock"), `${spawnSync("true").pid} up`);
    takeRunLock(dir, "destroy")();
  });
});
