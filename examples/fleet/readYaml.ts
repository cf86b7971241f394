import { readFileSync } from "node:fs";
import path from "node:path";

import { parse } from "yaml";

/** What a file of YAML holds, or why it cannot be read, beginning with the file's name. */
export function readYaml(file: string): { readonly value?: unknown; readonly problem?: string } {
  try {
    return { value: parse(readFileSync(file, "utf8")) as unknown };
  } catch (error) {
    return { problem: `${path.basename(file)}: ${(error as Error).message.trimEnd()}` };
  }
}
