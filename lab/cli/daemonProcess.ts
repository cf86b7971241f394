import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { isAlive } from "../engine/processes";
import type { LabOptions } from "../lab";
import { LabBusy, askLab } from "./control";
import type { DaemonMessage } from "./daemon";
import { readLabState, removeLabState, type LabState } from "./labState";
import { ROOT } from "./stack";

/** How long a lab may take to stop before it is ended by force. */
const STOP_PATIENCE = 20_000;

/** Where a lab writes what it does. */
export const logFile = (dir: string) => path.join(dir, "lab.log");

/** How long a lab may take to answer on a machine that is busy. */
const ANSWER_PATIENCE = 30_000;

/**
 * The lab of this folder, if it runs and answers.
 *
 * @param patience milliseconds
 * @throws Error when it is there and does not answer: it must not be taken for dead
 */
export async function runningLab(
  dir: string,
  patience = ANSWER_PATIENCE,
): Promise<LabState | undefined> {
  const state = readLabState(dir);
  if (!state || !isAlive(state.pid)) return undefined;
  try {
    await askLab(state, "status", { timeout: patience });
    return state;
  } catch (error) {
    if (error instanceof LabBusy) {
      throw new Error(
        `the lab (pid ${state.pid}) has not answered for ${patience / 1000} s: try again when the ` +
          `machine is less busy, or end it with \`kill ${state.pid}\``,
        { cause: error },
      );
    }
    // A process id is used again; the token is not.
    return undefined;
  }
}

/**
 * Starts the lab's process and waits until it is ready.
 *
 * @param signal ends the wait and the process
 * @throws Error with what the lab said
 */
export async function startDaemon(options: LabOptions, signal: AbortSignal): Promise<LabState> {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const log = openSync(logFile(options.dir), "a", 0o600);
  const daemon = spawn(
    process.execPath,
    [path.join(ROOT, "lab/start.mjs"), "daemon", JSON.stringify(options)],
    { cwd: ROOT, detached: true, stdio: ["ignore", log, log, "ipc"] },
  );
  closeSync(log);
  const abort = () => void daemon.kill("SIGTERM");
  signal.addEventListener("abort", abort, { once: true });
  try {
    const message = await new Promise<DaemonMessage>((resolve) => {
      daemon.once("message", (received) => resolve(received as DaemonMessage));
      daemon.once("error", ({ message }) => resolve({ ready: false, error: message }));
      daemon.once("exit", (code, by) =>
        resolve({
          ready: false,
          error: `it ended (${by ?? code}), see ${logFile(options.dir)}`,
        }),
      );
    });
    if (!message.ready) throw new Error(`the lab could not start: ${message.error}`);
    daemon.unref();
    const state = readLabState(options.dir);
    if (!state) throw new Error("the lab ended as soon as it was ready");
    return state;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Stops a lab, by force where it does not stop by itself. Its disks and its state stay. */
export async function stopDaemon(dir: string, state: LabState): Promise<void> {
  await askLab(state, "stop", { timeout: STOP_PATIENCE }).catch(() => undefined);
  const deadline = Date.now() + STOP_PATIENCE;
  while (isAlive(state.pid) && Date.now() < deadline) await sleep(50);
  if (isAlive(state.pid)) process.kill(state.pid, "SIGKILL");
  removeLabState(dir);
}
