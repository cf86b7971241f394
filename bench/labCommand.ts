import { spawnSync } from "node:child_process";
import * as path from "node:path";

import { askLab } from "../lab/cli/control";
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

/** Calls so far that changed a machine or an object of the API server. */
export async function mutatingCalls(stackName: string): Promise<number> {
  const state = readLabState(findStack(stackName).dir);
  if (!state) throw new Error(`no lab runs for stack ${stackName}`);
  const calls = await askLab<{ nodes: number; apiServer: number }>(state, "mutatingCalls");
  return calls.nodes + calls.apiServer;
}
