import * as path from "node:path";

import { type StackFile, findStackFile } from "../../commands/stackFile/findStackFile";

/** The repository's root. */
export const ROOT = path.join(__dirname, "../..");

/** The stack of `npm run lab`. */
export const DEFAULT_STACK = "dev";

/** One stack, and the lab's folder for it. */
export interface Stack extends StackFile {
  /** `.lab/<name>`, absolute. */
  readonly dir: string;
}

/**
 * Finds a stack by its name, or by the path of its file or of the folder that holds it.
 *
 * @throws Error that names the stacks there are
 */
export function findStack(wanted: string, root = ROOT): Stack {
  const found = findStackFile(wanted, root);
  return { ...found, dir: path.join(root, ".lab", found.name) };
}

/** Where reports are written. */
export const REPORT_FOLDER = path.join(ROOT, "report");

/** What a user types before a verb for this stack. */
export function runCommand(stackName: string): string {
  return stackName === DEFAULT_STACK ? "npm run lab --" : `npm run lab -- --stack ${stackName}`;
}
