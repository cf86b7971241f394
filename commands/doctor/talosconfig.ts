import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import type { ClientCredentials } from "../../talosApi";

interface Talosconfig {
  readonly context?: string;
  readonly contexts?: Readonly<Record<string, { ca?: string; crt?: string; key?: string } | null>>;
}

/**
 * Credentials of the current context of a talosconfig.
 *
 * @param file @default that of TALOSCONFIG, else `talosconfig` in this folder, where there is one
 * @throws Error when the file cannot be used. Its text shows no content of it.
 */
export function talosCredentials(
  file: string | undefined,
  env = process.env,
  folder = process.cwd(),
): ClientCredentials | undefined {
  const besides = path.join(folder, "talosconfig");
  const found =
    file ?? (env["TALOSCONFIG"] || undefined) ?? (existsSync(besides) ? besides : undefined);
  if (!found) return undefined;
  if (!existsSync(found)) throw new Error(`the talosconfig ${found} is not there`);
  const { context = "", contexts = {} } = read(found);
  const { ca, crt, key } = contexts[context] ?? {};
  if (!ca || !crt || !key) {
    throw new Error(`the talosconfig ${found} has no credentials in its context "${context}"`);
  }
  return { ca, cert: crt, key };
}

function read(file: string): Talosconfig {
  try {
    return (parse(readFileSync(file, "utf8")) ?? {}) as Talosconfig;
  } catch {
    // The parser's own words would show a piece of the file.
    throw new Error(`the talosconfig ${file} is no YAML`);
  }
}
