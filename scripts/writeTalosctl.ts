import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { type TalosctlRecord, talosctlCommands } from "./docs/talosctlHelp";
import { formatted } from "./formatted";

const FILE = resolve(__dirname, "../test/docs/talosctl.json");

/** As `v1.13.0`; undefined where no talosctl is on PATH. */
export function talosctlVersion(): string | undefined {
  try {
    return /v\d+\.\d+\.\d+\S*/.exec(talosctl("version", "--client", "--short"))?.[0];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** What the talosctl on PATH takes; no machine is asked. @throws Error where there is none */
export function talosctlOnPath(): TalosctlRecord {
  const version = talosctlVersion();
  if (version === undefined) throw new Error("there is no talosctl on PATH that says its version");
  return { version, commands: talosctlCommands((path) => talosctl(...path, "--help")) };
}

function talosctl(...args: readonly string[]): string {
  return execFileSync("talosctl", args, { encoding: "utf8" });
}

/**
 * `npx tsx scripts/writeTalosctl.ts` writes `test/docs/talosctl.json`, by which the commands of the
 * pages are checked, anew from the talosctl on PATH.
 */
async function main(): Promise<void> {
  writeFileSync(FILE, await formatted(FILE, JSON.stringify(talosctlOnPath())));
}

if (require.main === module) void main();
