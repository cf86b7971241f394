import { readFileSync, readdirSync } from "node:fs";

import { ENGINE_MARK } from "./environment";

/** True while a process with this id runs; it may be another one than the id was written down for. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Processes that a dead run of this lab's engine left behind: plugins and programs that outlived a
 * Pulumi CLI killed without notice. They are known by a mark in their environment, which only Linux
 * shows; elsewhere the plugins end by themselves after some minutes.
 *
 * @param home the engine's home, the value of the mark
 * @returns process ids, without this process
 */
export function leftoverPlugins(home: string): number[] {
  let entries: string[];
  try {
    entries = readdirSync("/proc");
  } catch {
    return [];
  }
  const mark = `${ENGINE_MARK}=${home}`;
  return entries
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((entry) => environmentOf(entry).includes(mark))
    .map(Number);
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    // It ended, or it is another user's.
    return [];
  }
}

/** Ends processes for good; those that are gone already are no error. */
export function endProcesses(pids: number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone.
    }
  }
}
