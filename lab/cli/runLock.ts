import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";

import { isAlive } from "../engine/processes";

/**
 * Lets one command at a time change a lab.
 *
 * @param dir the lab's folder
 * @param verb what the command is called, for whoever is refused
 * @returns what gives the lock back
 * @throws Error with the process id of the command that has it
 */
export function takeRunLock(dir: string, verb: string): () => void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = path.join(dir, "command.lock");
  for (;;) {
    try {
      writeFileSync(file, `${process.pid} ${verb}`, { flag: "wx" });
      const release = () => rmSync(file, { force: true });
      process.once("exit", release);
      return () => {
        process.off("exit", release);
        release();
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const [pid, running] = readLock(file);
    if (pid && isAlive(pid)) {
      throw new Error(`\`${running}\` (pid ${pid}) is at work on this lab: wait until it ends`);
    }
    rmSync(file, { force: true });
  }
}

function readLock(file: string): [number, string] {
  try {
    const [pid, ...verb] = readFileSync(file, "utf8").split(" ");
    return [Number(pid), verb.join(" ")];
  } catch {
    // Given back in this moment.
    return [0, ""];
  }
}
