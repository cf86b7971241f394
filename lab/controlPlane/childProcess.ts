import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";

export interface ChildOptions {
  /** For messages: `etcd`, `kube-apiserver`, … */
  name: string;
  binary: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Its output goes here; the file is started anew. */
  logFile: string;
  /** How it is tied to this process; found out when omitted. */
  tether?: Tether;
  /** Called once when it ends without having been asked to. */
  onExit?: (problem: Error) => void;
}

/**
 * What ends a child when this process is killed without notice: the kernel (`pdeathsig`, Linux with
 * util-linux), or a shell that reads from a pipe whose other end this process holds.
 */
export type Tether = "pdeathsig" | "pipe";

/** Waits inside the shell until the pipe closes or the child ends; both paths end the other. */
const PIPE_SCRIPT = `
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
trap 'kill -TERM $child 2>/dev/null' TERM INT
( read -r _ <&3; kill -KILL $child 2>/dev/null ) &
watch=$!
wait $child
status=$?
while kill -0 $child 2>/dev/null; do wait $child; status=$?; done
kill -KILL $watch 2>/dev/null
exit $status`;

/** The best tether that this machine offers. */
export function availableTether(): Tether {
  found ??=
    spawnSync("setpriv", ["--pdeathsig", "KILL", "true"], { stdio: "ignore" }).status === 0
      ? "pdeathsig"
      : "pipe";
  return found;
}
let found: Tether | undefined;

/** A process that never outlives this one. */
export class TetheredProcess {
  private stopping = false;
  private readonly exited: Promise<void>;
  private ended = false;

  private constructor(
    private readonly options: ChildOptions,
    private readonly child: ChildProcess,
  ) {
    this.exited = new Promise((resolve) => {
      child.once("error", (error) => {
        this.ended = true;
        if (!this.stopping) {
          options.onExit?.(new Error(`${options.name} does not start: ${error.message}`));
        }
        resolve();
      });
      child.once("exit", (code, signal) => {
        this.ended = true;
        if (!this.stopping) {
          const how = signal === null ? `with code ${code}` : `by ${signal}`;
          options.onExit?.(
            new Error(
              `${options.name} ended ${how}; its last lines (${options.logFile}):\n${lastLines(options.logFile)}`,
            ),
          );
        }
        resolve();
      });
    });
  }

  static start(options: ChildOptions): TetheredProcess {
    const tether = options.tether ?? availableTether();
    const [command, prefix] =
      tether === "pdeathsig"
        ? ["setpriv", ["--pdeathsig", "KILL", "--", options.binary]]
        : ["/bin/sh", ["-c", PIPE_SCRIPT, "sh", options.binary]];
    const log = openSync(options.logFile, "w", 0o600);
    try {
      // A group of its own: an interrupt at the terminal reaches the lab, which then stops it in order.
      const child = spawn(command, [...prefix, ...options.args], {
        stdio: [tether === "pipe" ? "pipe" : "ignore", log, log],
        env: { ...process.env, ...options.env },
        detached: true,
      });
      return new TetheredProcess(options, child);
    } catch (error) {
      writeSync(log, String(error));
      throw error;
    } finally {
      closeSync(log);
    }
  }

  get name(): string {
    return this.options.name;
  }

  /** Undefined when it could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  get isRunning(): boolean {
    return !this.ended;
  }

  /** SIGTERM, and SIGKILL after `graceMs`. Resolves when it has ended. */
  async stop(graceMs = 3000): Promise<void> {
    this.stopping = true;
    if (this.ended) {
      return;
    }
    this.signal("SIGTERM");
    const timer = setTimeout(() => this.signal("SIGKILL"), graceMs);
    await this.exited;
    clearTimeout(timer);
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) {
      return;
    }
    try {
      // The whole group when it must end: the shell of a pipe tether cannot hand SIGKILL on.
      process.kill(signal === "SIGKILL" ? -this.child.pid : this.child.pid, signal);
    } catch {
      // It ended in the meantime.
    }
  }
}

/** The last lines of a log; a log carries no keys, the processes read theirs from files. */
export function lastLines(file: string, count = 6): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-count).join("\n");
  } catch {
    return "(no output)";
  }
}
