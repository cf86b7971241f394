import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { isAlive } from "../engine/processes";

/**
 * Does the work while no other lab does the same, so that nothing is built twice.
 *
 * @param onWait called each second with the process id that holds the lock
 */
export async function withCacheLock<T>(
  cache: string,
  work: () => Promise<T>,
  onWait: (pid: number) => void,
): Promise<T> {
  mkdirSync(cache, { recursive: true });
  const file = path.join(cache, ".lock");
  for (;;) {
    try {
      writeFileSync(file, `${process.pid}`, { flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = holderOf(file);
    if (holder !== undefined && !isAlive(holder)) rmSync(file, { force: true });
    else {
      if (holder !== undefined) onWait(holder);
      await sleep(1000);
    }
  }
  const release = () => rmSync(file, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

function holderOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}
