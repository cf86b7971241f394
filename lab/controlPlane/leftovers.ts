import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";

/**
 * Remembers which processes run for a lab folder, so that a lab which was killed where no tether
 * works leaves nothing behind for the next one. A pid alone proves nothing, since pids are used
 * again: only a process whose command line names `dir` is ended.
 */
export class ProcessRecord {
  constructor(
    private readonly file: string,
    private readonly dir: string,
  ) {}

  write(pids: readonly number[]): void {
    writeFileSync(this.file, JSON.stringify(pids), { mode: 0o600 });
  }

  clear(): void {
    rmSync(this.file, { force: true });
  }

  /** Ends what an earlier lab left. Returns how many processes that were. */
  endLeftovers(): number {
    const left = this.read().filter((pid) => commandOf(pid).includes(this.dir));
    for (const pid of left) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended in the meantime.
      }
    }
    this.clear();
    return left.length;
  }

  private read(): number[] {
    try {
      const pids: unknown = JSON.parse(readFileSync(this.file, "utf8"));
      return Array.isArray(pids) ? pids.filter((pid) => typeof pid === "number" && pid > 1) : [];
    } catch {
      return [];
    }
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return (
      spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? ""
    );
  }
}
