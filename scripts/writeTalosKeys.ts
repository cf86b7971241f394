import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { formatted } from "./formatted";

/**
 * Writes `components/spec/configPatches/talosKeys.json`: which keys Talos' machine configuration
 * has, read from Talos' own library by `scripts/talosKeys` (needs Go). With `--check` it only says
 * whether the file is stale, and exits 1 when it is.
 */
const root = resolve(__dirname, "..");
const file = resolve(root, "components/spec/configPatches/talosKeys.json");

async function main(): Promise<void> {
  const printed = execFileSync("go", ["run", "../../scripts/talosKeys/main.go"], {
    cwd: resolve(root, "tools/machinery"),
    encoding: "utf8",
    maxBuffer: 1 << 24,
  });
  const text = await formatted(file, printed);
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    console.error(`${file} is stale: run npx tsx scripts/writeTalosKeys.ts`);
    process.exitCode = 1;
  }
}

void main();
