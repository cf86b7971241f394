import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";

/** What a running lab writes down about itself, in `.lab/<stack>/lab.json`. */
export interface LabState {
  pid: number;
  /** Loopback port of the lab's control service. */
  controlPort: number;
  /** Whoever can read this file may control the lab. */
  token: string;
  talosPort: number;
  kubernetesPort: number;
  /** ISO 8601. */
  startedAt: string;
}

const stateFile = (dir: string) => path.join(dir, "lab.json");

/** Writes the state in one step, readable by its owner only. */
export function writeLabState(dir: string, state: LabState): void {
  const staging = `${stateFile(dir)}.${process.pid}`;
  writeFileSync(staging, JSON.stringify(state, undefined, 2), { mode: 0o600 });
  renameSync(staging, stateFile(dir));
}

/** The state that the last lab of this folder wrote; it may be dead. */
export function readLabState(dir: string): LabState | undefined {
  try {
    return JSON.parse(readFileSync(stateFile(dir), "utf8")) as LabState;
  } catch {
    return undefined;
  }
}

export function removeLabState(dir: string): void {
  rmSync(stateFile(dir), { force: true });
}
