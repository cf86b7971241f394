import { existsSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import * as path from "node:path";

/**
 * Mends what a CLI that was killed while it wrote left in a backend of files. Call it while no run is
 * at work.
 *
 * The backend keeps attributes of each file beside it, in one that it does not replace in one step: a
 * cut one makes the stack unreadable ("failed to load checkpoint: EOF") and is not needed. A cut
 * checkpoint has a backup.
 *
 * @returns what was done, a sentence each
 */
export function mendCutFiles(backend: string): string[] {
  const stacks = path.join(backend, ".pulumi", "stacks");
  if (!existsSync(stacks)) return [];
  return readdirSync(stacks, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(json|attrs)$/.test(file))
    .map((file) => path.join(stacks, file))
    .filter((file) => !isJson(file))
    .flatMap(mend);
}

function mend(file: string): string[] {
  if (file.endsWith(".attrs")) {
    rmSync(file);
    return [`removed ${path.basename(file)}, which a killed run had cut off`];
  }
  const backup = `${file}.bak`;
  if (!existsSync(backup) || !isJson(backup)) return [];
  renameSync(backup, file);
  return [`took the backup of ${path.basename(file)}, which a killed run had cut off`];
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
