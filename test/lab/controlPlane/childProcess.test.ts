import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  availableTether,
  type Tether,
  TetheredProcess,
} from "../../../lab/controlPlane/childProcess";
import { ProcessRecord } from "../../../lab/controlPlane/leftovers";
import { eventually, isRunning, temporaryFolder } from "./support";

const CHILD_PROCESS = resolve(__dirname, "../../../lab/controlPlane/childProcess");

/** Ends processes that the test started itself, by their id. Says nothing about etcd's own shutdown. */
describe("tethered child process", () => {
  const dir = temporaryFolder();
  const tethers: Tether[] = availableTether() === "pdeathsig" ? ["pdeathsig", "pipe"] : ["pipe"];

  for (const tether of tethers) {
    it(`stops on request, by force when it does not listen (${tether})`, async () => {
      const deaf = TetheredProcess.start({
        name: "deaf",
        binary: "/bin/sh",
        args: ["-c", `trap '' TERM; echo $$ > ${dir}/deaf-${tether}; while :; do sleep 0.1; done`],
        logFile: join(dir, "deaf.log"),
        tether,
        onExit: () => assert.fail("a wanted end is no failure"),
      });
      const pid = await eventually("the start", async () => readPid(`${dir}/deaf-${tether}`));
      assert.ok(isRunning(pid));
      await deaf.stop(200);
      assert.equal(deaf.isRunning, false);
      await eventually("the end", async () => (isRunning(pid) ? undefined : true), 2000);
    });

    it(`ends when its parent is killed without notice (${tether})`, async () => {
      const script = join(dir, `parent-${tether}.ts`);
      writeFileSync(
        script,
        `import { TetheredProcess } from ${JSON.stringify(CHILD_PROCESS)};
         TetheredProcess.start({ name: "child", binary: "/bin/sh", logFile: ${JSON.stringify(join(dir, "c.log"))},
           args: ["-c", "echo $$ > ${dir}/child-${tether}; exec sleep 60"], tether: "${tether}" });
         setInterval(() => undefined, 1000);`,
      );
      const parent = spawn(process.execPath, ["--import", "tsx", script], { stdio: "ignore" });
      const pid = await eventually("the start", async () => readPid(`${dir}/child-${tether}`));
      assert.ok(isRunning(pid));
      parent.kill("SIGKILL");
      await eventually("the end", async () => (isRunning(pid) ? undefined : true), 3000);
    });
  }

  it("reports an end that nobody asked for, with the last lines of its output", async () => {
    const problem = await new Promise<Error>((resolve) => {
      TetheredProcess.start({
        name: "etcd",
        binary: "/bin/sh",
        args: ["-c", "echo out of luck; exit 7"],
        logFile: join(dir, "exit.log"),
        onExit: resolve,
      });
    });
    assert.match(problem.message, /^etcd ended with code 7/);
    assert.match(problem.message, /out of luck/);
  });

  it("reports a binary that is not there", async () => {
    const problem = await new Promise<Error>((resolve) => {
      TetheredProcess.start({
        name: "etcd",
        binary: join(dir, "nowhere"),
        args: [],
        logFile: join(dir, "missing.log"),
        onExit: resolve,
      });
    });
    assert.match(problem.message, /etcd ended with code 127|No such file/i);
  });

  it("ends leftovers of an earlier lab, but only those of its own folder", async () => {
    const own = spawn("/bin/sh", ["-c", "sleep 60; :", join(dir, "marked")], { stdio: "ignore" });
    const foreign = spawn("/bin/sh", ["-c", "sleep 60; :", "elsewhere"], { stdio: "ignore" });
    const record = new ProcessRecord(join(dir, "processes.json"), join(dir, "marked"));
    record.write([own.pid ?? 0, foreign.pid ?? 0]);
    assert.equal(record.endLeftovers(), 1);
    await eventually("the end", async () => (isRunning(own.pid ?? 0) ? undefined : true), 2000);
    assert.ok(isRunning(foreign.pid ?? 0));
    foreign.kill("SIGKILL");
    assert.equal(record.endLeftovers(), 0);
  });
});

function readPid(file: string): number | undefined {
  try {
    return Number(readFileSync(file, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}
