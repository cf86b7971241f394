import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";

import { forwarder } from "./forwarder";

const load = createRequire(__filename);

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

export interface ProgramWatch {
  /** Each line that the program writes to its output. */
  onLine?: (line: string) => void;
  /** The program has been started. */
  onStart?: () => void;
}

/** The lab's host, which is plain JavaScript for the CLI that starts it by name. */
export interface LanguageHostModule {
  serve(options: { engineAddress?: string; env: NodeJS.ProcessEnv } & ProgramWatch): {
    port: Promise<number>;
    stop(): Promise<void>;
  };
}

export interface AttachedLanguageHost {
  /** What tells the CLI where the host is. */
  env: { PULUMI_DEBUG_LANGUAGES: string };
  /** Serves from here on: called when the CLI has been started, because loading it takes a while. */
  serve(): Promise<void>;
  /** Ends the host, and with it a program that still runs; resolves when they are gone. */
  stop(): Promise<void>;
}

/**
 * The lab's language host in this process, for one run of the CLI, which would start it twice, one after
 * the other, and wait for it both times.
 *
 * @param env the environment of the program
 */
export async function attachLanguageHost(
  env: NodeJS.ProcessEnv,
  { onLine = () => undefined, onStart }: ProgramWatch,
): Promise<AttachedLanguageHost> {
  const early = await forwarder();
  let stop: (() => Promise<void>) | undefined;
  return {
    env: { PULUMI_DEBUG_LANGUAGES: `nodejs:${early.port}` },
    serve: async () => {
      const { serve } = load("../languageHost/languageHost.js") as LanguageHostModule;
      const host = serve({ env, onLine, onStart });
      stop = host.stop;
      early.to(await host.port);
    },
    stop: async () => {
      await stop?.();
      early.stop();
    },
  };
}
