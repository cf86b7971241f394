import { execFileSync } from "node:child_process";
import { accessSync, constants, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import * as semver from "semver";

import { cachedPath } from "./cacheFolder";
import type { Binary } from "./catalog";

export interface FoundBinary {
  path: string;
  origin: "LAB_BIN" | "KUBEBUILDER_ASSETS" | "PATH" | "cache" | "download" | "go build";
}

const FOLDER_VARIABLES = ["LAB_BIN", "KUBEBUILDER_ASSETS"] as const;

/** The program from the first of: a folder that the user named, PATH where it fits, the cache. */
export function findBinary(
  binary: Binary,
  env: NodeJS.ProcessEnv,
  cache: string,
): FoundBinary | undefined {
  for (const variable of FOLDER_VARIABLES) {
    const file = env[variable] && path.resolve(env[variable], binary.name);
    if (file && isExecutable(file)) return { path: file, origin: variable };
  }
  const onPath = findOnPath(binary, env, cache);
  if (onPath) return { path: onPath, origin: "PATH" };
  const cached = cachedPath(cache, binary);
  return isExecutable(cached) ? { path: cached, origin: "cache" } : undefined;
}

function findOnPath(binary: Binary, env: NodeJS.ProcessEnv, cache: string): string | undefined {
  const wanted = binary.onPath;
  if (!wanted) return undefined;
  const file = (env.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, binary.name))
    .find(isExecutable);
  if (!file) return undefined;
  const version = versionOf(file, wanted.args, cache);
  return version && semver.satisfies(version, wanted.fits) ? file : undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Asking seven programs costs a second at every start, so answers are kept while the file stays. */
function versionOf(file: string, args: string[], cache: string): string | undefined {
  const { size, mtimeMs } = statSync(file);
  const key = `${file} ${size} ${mtimeMs}`;
  const memory = path.join(cache, "path-versions.json");
  const known = readMemory(memory);
  if (!(key in known)) {
    known[key] = askVersion(file, args) ?? "";
    mkdirSync(cache, { recursive: true });
    writeFileSync(memory, JSON.stringify(known));
  }
  return known[key] || undefined;
}

function readMemory(file: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  } catch {
    // None yet, or half-written by a run that was killed.
    return {};
  }
}

function askVersion(file: string, args: string[]): string | undefined {
  try {
    const answer = execFileSync(file, args, { encoding: "utf8", timeout: 5000, stdio: "pipe" });
    return /v?(\d+\.\d+\.\d+)/.exec(answer)?.[1];
  } catch {
    return undefined;
  }
}
