import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface PulumiResult {
  exitCode: number;
  stdout: string;
  stderr: string;
  seconds: number;
  /** The run was asked to end by the caller's signal. */
  interrupted: boolean;
}

export interface PulumiOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Each line as it comes, of both streams. */
  onLine?: (line: string) => void;
  /** Asks the run to end: one interrupt, as Ctrl-C gives, then force after a time. */
  signal?: AbortSignal;
  /** Milliseconds between the interrupt and the force. @default 20000 */
  patience?: number;
}

const DEFAULT_PATIENCE = 20_000;

/**
 * Runs the Pulumi CLI to its end.
 *
 * It is started in a process group of its own: an interrupt typed at the terminal reaches it once,
 * from here. A second one would make it drop its work half-done.
 */
export function runPulumi(
  cli: string,
  args: string[],
  options: PulumiOptions,
): Promise<PulumiResult> {
  const started = Date.now();
  const child = spawn(cli, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const stdout = collectLines(child.stdout, options.onLine);
  const stderr = collectLines(child.stderr, options.onLine);
  let interrupted = false;
  let force: NodeJS.Timeout | undefined;
  const interrupt = () => {
    interrupted = true;
    signalGroup(child.pid, "SIGINT");
    force = setTimeout(
      () => signalGroup(child.pid, "SIGKILL"),
      options.patience ?? DEFAULT_PATIENCE,
    );
  };
  if (options.signal?.aborted) interrupt();
  options.signal?.addEventListener("abort", interrupt, { once: true });
  return new Promise<PulumiResult>((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`${cli} could not be run: ${error.message}`)));
    child.on("close", (code) =>
      resolve({
        exitCode: code ?? 1,
        stdout: stdout.join("\n"),
        stderr: stderr.join("\n"),
        seconds: (Date.now() - started) / 1000,
        interrupted,
      }),
    );
  }).finally(() => {
    clearTimeout(force);
    options.signal?.removeEventListener("abort", interrupt);
  });
}

function collectLines(stream: NodeJS.ReadableStream, onLine?: (line: string) => void): string[] {
  const lines: string[] = [];
  createInterface({ input: stream }).on("line", (line) => {
    lines.push(line);
    onLine?.(line);
  });
  return lines;
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}
