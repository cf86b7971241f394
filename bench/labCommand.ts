import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import * as path from "node:path";

import { askLab } from "../lab/cli/control";
import { logFile, runningLab } from "../lab/cli/daemonProcess";
import { readLabState } from "../lab/cli/labState";
import { findStack } from "../lab/cli/stack";

const ROOT = path.join(__dirname, "..");

/**
 * Runs `npm run lab -- …` as a person would and says how long it took.
 *
 * @throws Error with its last lines when it fails
 */
export function timeLab(args: string[]): number {
  const started = Date.now();
  const npm = spawnSync("npm", ["run", "--silent", "lab", "--", ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (npm.status !== 0) {
    const words = `${npm.stdout}\n${npm.stderr}`.trim().split("\n").slice(-20).join("\n");
    throw new Error(`npm run lab -- ${args.join(" ")} failed:\n${words}`);
  }
  return (Date.now() - started) / 1000;
}

/**
 * Works on a lab that comes up from nothing, and takes it away again. After a failure its log stays in
 * `.lab/.bench`.
 *
 * @throws Error when a lab of this stack runs, which somebody may be using
 */
export async function withNewLab<T>(stackName: string, work: () => Promise<T>): Promise<T> {
  const { dir } = findStack(stackName);
  const destroy = () => timeLab(["--stack", stackName, "destroy"]);
  const lab = await runningLab(dir);
  if (lab) throw new Error(`lab ${stackName} runs (pid ${lab.pid}): destroy it first`);
  if (existsSync(dir)) destroy();
  try {
    return await work();
  } catch (error) {
    mkdirSync(path.join(ROOT, ".lab/.bench"), { recursive: true });
    copyFileSync(logFile(dir), path.join(ROOT, `.lab/.bench/${stackName}.log`));
    throw error;
  } finally {
    destroy();
  }
}

/** Calls so far that changed a machine or an object of the API server. */
export async function mutatingCalls(stackName: string): Promise<number> {
  const state = readLabState(findStack(stackName).dir);
  if (!state) throw new Error(`no lab runs for stack ${stackName}`);
  const calls = await askLab<{ nodes: number; apiServer: number }>(state, "mutatingCalls");
  return calls.nodes + calls.apiServer;
}
