import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

/** Helm refused or failed; the message is Helm's own, without the command's prefix. */
export class HelmError extends Error {}

export interface HelmOptions {
  /** Folder that relative chart paths start from. */
  directory: string;
  environment: Record<string, string>;
  /** Given to helm's standard input; values go this way, never to disk or to the list of processes. */
  input?: string;
  signal?: AbortSignal;
}

/** Runs a program so that it ends with the lab, however that ends, where the system can do so. */
const dyingWithParent: readonly string[] = (() => {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const found = folders.map((folder) => path.join(folder, "setpriv")).find(existsSync);
  return process.platform === "linux" && found ? [found, "--pdeathsig", "KILL"] : [];
})();

/** The time that an interrupted helm gets to mark its release as failed. */
const GRACE = 10_000;

/**
 * Runs the helm binary.
 * @returns its standard output
 * @throws HelmError
 */
export function runHelm(
  binary: string,
  args: readonly string[],
  { directory, environment, input, signal }: HelmOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const [program, ...before] = dyingWithParent;
    const child = spawn(program ?? binary, [...before, ...(program ? [binary] : []), ...args], {
      cwd: directory,
      env: { ...process.env, ...environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input ?? "");
    let killTimer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      // An engine that vanished is like a killed provider: nothing is tidied up, as in a crash.
      if (signal?.reason === "disconnected") return void child.kill("SIGKILL");
      child.kill("SIGINT");
      killTimer = setTimeout(() => child.kill("SIGKILL"), GRACE);
    };
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
    const finish = (): void => {
      clearTimeout(killTimer);
      signal?.removeEventListener("abort", stop);
    };
    child.once("error", (error) => {
      finish();
      reject(new HelmError(`helm could not be started (${binary}): ${error.message}`));
    });
    child.once("close", (code, killedBy) => {
      finish();
      const said = Buffer.concat(stderr).toString("utf8");
      if (code === 0) resolve(Buffer.concat(stdout).toString("utf8"));
      else
        reject(new HelmError(helmMessage(said) || `helm ended with ${killedBy ?? `code ${code}`}`));
    });
  });
}

/** Helm's error without the words that only its command line adds. */
export function helmMessage(stderr: string): string {
  const start = stderr.search(/^Error: /m);
  const text = start < 0 ? stderr.trim() : stderr.slice(start + "Error: ".length);
  return text
    .replace(/\n$/, "")
    .replace(/\n\nUse --debug flag to render out invalid YAML$/, "")
    .replace(/^(INSTALLATION|UPGRADE|UNINSTALLATION) FAILED: /, "");
}
