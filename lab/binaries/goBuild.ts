import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";

import { cachedPath } from "./cacheFolder";
import { TOOLS, type Binary } from "./catalog";

/** True where a Go toolchain can be started; the go.mod files make it fetch a newer one if need be. */
export function hasGo(env: NodeJS.ProcessEnv): boolean {
  try {
    execFileSync("go", ["version"], { env, stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

/**
 * Builds programs of one module under `tools/` into the cache, each in one step at the end.
 *
 * @param onPackages called with the number of packages compiled so far
 * @throws Error with the last words of `go build`
 */
export async function goBuild(
  binaries: Binary[],
  cache: string,
  env: NodeJS.ProcessEnv,
  onPackages: (count: number) => void,
): Promise<void> {
  const module = binaries[0]?.build.module;
  if (!module) return;
  const staging = path.join(cache, `.build-${module}-${process.pid}`);
  mkdirSync(staging, { recursive: true });
  const discard = () => rmSync(staging, { recursive: true, force: true });
  process.once("exit", discard);
  const flags = new Set(["-s", "-w", ...binaries.flatMap(({ build }) => build.ldflags)]);
  const args = ["build", "-C", path.join(TOOLS, module), "-v", "-trimpath", "-buildvcs=false"];
  args.push("-ldflags", [...flags].join(" "), "-o", `${staging}/`);
  args.push(...binaries.map(({ build }) => build.package));
  try {
    let count = 0;
    await runGo(args, env, (line) => /^[\w.-]+(\/[\w.-]+)*$/.test(line) && onPackages(++count));
    for (const binary of binaries) {
      const target = cachedPath(cache, binary);
      mkdirSync(path.dirname(target), { recursive: true });
      renameSync(path.join(staging, binary.build.output), target);
    }
  } finally {
    process.off("exit", discard);
    discard();
  }
}

/** Downloads what a later build of a module needs while an earlier one keeps the processors busy. */
export async function prefetchModules(binaries: Binary[], env: NodeJS.ProcessEnv): Promise<void> {
  const module = binaries[0]?.build.module;
  if (!module) return;
  const packages = binaries.map(({ build }) => build.package);
  const args = ["list", "-C", path.join(TOOLS, module), "-deps", ...packages];
  // What fails here fails again, and is reported, in the build.
  await runGo(args, env, () => undefined).catch(() => undefined);
}

function runGo(
  args: string[],
  env: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
): Promise<void> {
  const go = spawn("go", args, {
    // All processors and Go's own thrift with memory: what `start.mjs` sets is for what the lab runs.
    env: { ...env, CGO_ENABLED: "0", GOMAXPROCS: "", GOGC: "" },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const words: string[] = [];
  createInterface({ input: go.stderr }).on("line", (line) => {
    onLine(line);
    words.push(line);
    if (words.length > 8) words.shift();
  });
  // An interrupted lab leaves no compiler behind it; at this signal go removes its own scratch too.
  const kill = () => void (go.pid && process.kill(-go.pid, "SIGINT"));
  process.once("exit", kill);
  return new Promise<void>((resolve, reject) => {
    go.on("error", reject);
    go.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`go ${args[0]} failed: ${words.join("\n")}`)),
    );
  }).finally(() => process.off("exit", kill));
}
