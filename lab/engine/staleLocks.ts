import { readFileSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import * as path from "node:path";

import { isAlive } from "./processes";

/** What Pulumi's file backend writes into a lock. */
interface LockContent {
  pid: number;
  hostname: string;
  timestamp: string;
}

export interface StackLock extends LockContent {
  file: string;
}

/** The locks of a file backend that holds one stack. */
export function stackLocks(backend: string): StackLock[] {
  const root = path.join(backend, ".pulumi", "locks");
  let files: string[];
  try {
    files = readdirSync(root, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
  return files
    .filter((file) => file.endsWith(".json"))
    .map((file) => path.join(root, file))
    .map((file) => ({ ...(JSON.parse(readFileSync(file, "utf8")) as LockContent), file }));
}

/**
 * Takes away the locks of runs that were killed on this machine.
 *
 * @returns the locks that were taken away
 */
export function removeStaleLocks(backend: string): StackLock[] {
  const stale = stackLocks(backend).filter(isStale);
  for (const { file } of stale) rmSync(file, { force: true });
  return stale;
}

/** A lock is stale when the process that wrote it ran on this machine and is gone. */
export function isStale(lock: Pick<LockContent, "pid" | "hostname">): boolean {
  return lock.hostname === hostname() && !isAlive(lock.pid);
}
