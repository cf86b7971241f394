import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";

import { removeStaleLocks, stackLocks } from "../../../lab/engine/staleLocks";

describe("removeStaleLocks (locks written here; engine.test.ts kills a real CLI)", () => {
  let backend: string;
  let file: string;

  beforeEach(() => {
    backend = mkdtempSync(path.join(tmpdir(), "locks-"));
    const folder = path.join(backend, ".pulumi/locks/organization/talos-cilium/dev");
    mkdirSync(folder, { recursive: true });
    file = path.join(folder, "0a1b.json");
  });

  afterEach(() => rmSync(backend, { recursive: true, force: true }));

  const lock = (pid: number, host = hostname()) =>
    writeFileSync(file, JSON.stringify({ pid, hostname: host, timestamp: "2026-01-01T00:00:00Z" }));

  const deadPid = () => spawnSync("true").pid;

  it("removes the lock of a process that is gone", () => {
    lock(deadPid());
    assert.equal(removeStaleLocks(backend).length, 1);
    assert.equal(existsSync(file), false);
  });

  it("keeps the lock of a process that runs", () => {
    lock(process.pid);
    assert.deepEqual(removeStaleLocks(backend), []);
    assert.equal(stackLocks(backend)[0]?.pid, process.pid);
  });

  it("keeps the lock of another machine, whose processes it cannot see", () => {
    lock(deadPid(), "elsewhere");
    assert.deepEqual(removeStaleLocks(backend), []);
    assert(existsSync(file));
  });

  it("finds none in a backend that was never used", () => {
    assert.deepEqual(stackLocks(path.join(backend, "none")), []);
  });
});
