import { spawn } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";

import { forwarder } from "./forwarder";

const LAB_LANGUAGE_HOST = path.join(__dirname, "../languageHost/bin/pulumi-language-nodejs");

/** The folder name in a CLI's plugin cache; the version is of no consequence to the CLI. */
const PLUGIN_FOLDER = "language-nodejs-v3.0.0";

/** Whether a Pulumi CLI came with its own language host for Node.js. */
export function hasLanguageHost(cli: string): boolean {
  return existsSync(path.join(path.dirname(realpathSync(cli)), "pulumi-language-nodejs"));
}

/**
 * Gives the Pulumi CLI a language host for Node.js where it came without one.
 *
 * The lab's stands in the plugin cache of the lab's own home, where nothing else can find it and where
 * the CLI does not warn about it as it does about one on PATH.
 */
export function provideLanguageHost(cli: string, home: string): void {
  const folder = path.join(home, "plugins", PLUGIN_FOLDER);
  const link = path.join(folder, "pulumi-language-nodejs");
  rmSync(link, { force: true });
  if (hasLanguageHost(cli)) return;
  mkdirSync(folder, { recursive: true });
  symlinkSync(LAB_LANGUAGE_HOST, link);
}

export interface AttachedLanguageHost {
  /** What tells the CLI where the host is. */
  env: { PULUMI_DEBUG_LANGUAGES: string };
  /** Resolves when the host serves, or has ended. */
  ready: Promise<unknown>;
  /** Ends the host, and with it a program that still runs; resolves when they are gone. */
  stop(): Promise<void>;
}

/**
 * Starts the lab's language host for one run of the CLI, which would start it twice, one after the other,
 * and wait for it both times. Here it starts beside the CLI.
 *
 * @param env the environment of host and program
 * @param onLine what the program writes to its output
 */
export async function attachLanguageHost(
  env: NodeJS.ProcessEnv,
  onLine?: (line: string) => void,
): Promise<AttachedLanguageHost> {
  const early = await forwarder();
  const host = spawn(LAB_LANGUAGE_HOST, [], { env, stdio: ["ignore", "pipe", "pipe"] });
  let port: number | undefined;
  const serves = new Promise<void>((resolve) => {
    createInterface({ input: host.stdout }).on("line", (line) => {
      if (port !== undefined) return onLine?.(line);
      early.to((port = Number(line)));
      resolve();
    });
  });
  createInterface({ input: host.stderr }).on("line", (line) => onLine?.(line));
  // Whoever waits for a host that could not start is told so.
  const gone = new Promise<void>((resolve) =>
    host.on("error", resolve).on("exit", () => resolve()),
  );
  void gone.then(() => early.stop());
  return {
    env: { PULUMI_DEBUG_LANGUAGES: `nodejs:${early.port}` },
    ready: Promise.race([serves, gone]),
    stop: () => {
      host.kill("SIGTERM");
      return gone;
    },
  };
}
