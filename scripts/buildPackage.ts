import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(__dirname, "..");
const DIST = path.join(ROOT, "dist");

/**
 * Compiles the library into `dist/`: what `npm pack` takes is JavaScript with declarations, and the
 * Talos API's definitions beside it. `npm pack` runs it.
 */
function main(): void {
  rmSync(DIST, { recursive: true, force: true });
  const tsc = require.resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "--project", "tsconfig.package.json"], {
    cwd: ROOT,
    stdio: "inherit",
  });
  cpSync(path.join(ROOT, "talosApi"), path.join(DIST, "talosApi"), {
    recursive: true,
    filter: (source) => !source.endsWith(".ts") || source.endsWith(".d.ts"),
  });
}

main();
