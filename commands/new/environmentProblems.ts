import { existsSync } from "node:fs";
import * as path from "node:path";

import type { Problem } from "../../components/problems";

/** What is wrong with the name of a new environment, or with the place of its file. */
export function environmentProblems(environment: string, file: string): Problem[] {
  const problem = { propertyPath: "<environment>", got: environment };
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(environment)) {
    const reason = "it names a stack and a file: up to 100 letters, digits, _, . and -";
    return [{ ...problem, id: "environment-name", reason, fix: "choose a name such as home" }];
  }
  if (!existsSync(file)) return [];
  const reason = `${path.basename(file)} is there already, and no file is overwritten`;
  return [{ ...problem, id: "file-exists", reason, fix: "choose another name, or edit the file" }];
}
