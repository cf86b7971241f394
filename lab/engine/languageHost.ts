import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import * as path from "node:path";

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
