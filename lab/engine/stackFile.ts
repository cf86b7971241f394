import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";

import type { EngineFolder } from "./engineFolder";

/** The CLI adds this line to a stack file when it makes the stack. */
const SALT = /^encryptionsalt:.*$/m;

/** Where the program is, from the project file. */
const MAIN = /^main: (.*)$/m;

/**
 * Copies project and stack file to where the CLI may write, so that a run leaves the clone as it was.
 *
 * A salt that an earlier run wrote is kept, unless the stack file brings its own: the state was
 * encrypted with it.
 *
 * @returns whether the copy has a salt, that is, whether the stack has been made
 */
export function copyStackFile(source: string, projectFile: string, folder: EngineFolder): boolean {
  const earlier = existsSync(folder.configFile) ? readFileSync(folder.configFile, "utf8") : "";
  const salt = SALT.exec(earlier)?.[0];
  const text = readFileSync(source, "utf8");
  const merged = SALT.test(text) || !salt ? text : `${text.trimEnd()}\n${salt}\n`;
  if (merged !== earlier) writeFileSync(folder.configFile, merged, { mode: 0o600 });
  const project = readFileSync(projectFile, "utf8");
  const absolute = (_: string, main: string) =>
    `main: ${path.resolve(path.dirname(projectFile), main)}`;
  writeFileSync(path.join(folder.project, "Pulumi.yaml"), project.replace(MAIN, absolute));
  return SALT.test(merged);
}
