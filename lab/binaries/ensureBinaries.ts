import * as path from "node:path";

import { cacheFolder, cachedPath } from "./cacheFolder";
import { withCacheLock } from "./cacheLock";
import { catalog, type Binary, type BinaryName, type Platform } from "./catalog";
import { downloadRelease, type DownloadLimits } from "./download";
import { findBinary, type FoundBinary } from "./find";
import { goBuild, hasGo, prefetchModules } from "./goBuild";

/** Says what takes long: `step` is called at the start of each step and returns what ends it. */
export interface BinaryProgress {
  step(title: string): { update(detail: string): void; end(): void };
}

export interface EnsureOptions {
  progress: BinaryProgress;
  env?: NodeJS.ProcessEnv;
  platform?: Platform;
  /** Stands in for the official servers in tests. */
  catalog?: Record<BinaryName, Binary>;
  limits?: DownloadLimits;
}

/**
 * Finds each program, or downloads it, or builds it.
 *
 * @throws Error of one sentence, with the ways out, when one cannot be had
 */
export async function ensureBinaries<Name extends BinaryName>(
  names: readonly Name[],
  options: EnsureOptions,
): Promise<Record<Name, FoundBinary>> {
  const env = options.env ?? process.env;
  const cache = cacheFolder(env);
  const platform = options.platform ?? { os: process.platform, arch: process.arch };
  const known = options.catalog ?? catalog(platform);
  const found = {} as Record<Name, FoundBinary>;
  const look = () =>
    names.filter((name) => {
      const binary = found[name] ?? findBinary(known[name], env, cache);
      if (binary) found[name] = binary;
      return !binary;
    });

  if (look().length === 0) return found;
  await withCacheLock(
    cache,
    async () => {
      const missing = look().map((name) => known[name]);
      const undownloaded = await downloadAll(missing, cache, options);
      const problem = await buildAll(undownloaded, cache, env, options.progress);
      for (const binary of missing) {
        const origin = undownloaded.includes(binary) ? "go build" : "download";
        if (findBinary(binary, env, cache)) {
          found[binary.name as Name] = { path: cachedPath(cache, binary), origin };
        }
      }
      const unobtainable = names.filter((name) => !found[name]);
      if (unobtainable.length > 0) throw new Error(missingSentence(unobtainable, problem));
    },
    waiting(options.progress),
  );
  return found;
}

/** The path of a program that is here already. */
export function lookForBinary(name: BinaryName, env = process.env): string | undefined {
  const platform = { os: process.platform, arch: process.arch };
  return findBinary(catalog(platform)[name], env, cacheFolder(env))?.path;
}

function waiting(progress: BinaryProgress): (pid: number) => void {
  let step: ReturnType<BinaryProgress["step"]> | undefined;
  return (pid) => {
    step ??= progress.step(`waiting for another lab (pid ${pid}) that is fetching the binaries`);
  };
}

/** @returns those that could not be downloaded */
async function downloadAll(
  binaries: Binary[],
  cache: string,
  { progress, limits }: EnsureOptions,
): Promise<Binary[]> {
  const downloadable = binaries.filter(({ download }) => download);
  if (downloadable.length === 0) return binaries;
  const step = progress.step(`downloading ${downloadable.map(({ name }) => name).join(", ")}`);
  const downloaded = new Set<Binary>();
  await Promise.all(
    downloadable.map(async (binary) => {
      const folder = path.dirname(cachedPath(cache, binary));
      try {
        if (binary.download) await downloadRelease(binary.download, folder, binary.name, limits);
        downloaded.add(binary);
      } catch (error) {
        step.update(`${(error as Error).message}; building it instead`);
      }
    }),
  );
  step.end();
  return binaries.filter((binary) => !downloaded.has(binary));
}

/** @returns why a build failed, or undefined */
async function buildAll(
  binaries: Binary[],
  cache: string,
  env: NodeJS.ProcessEnv,
  progress: BinaryProgress,
): Promise<string | undefined> {
  if (binaries.length === 0) return undefined;
  if (!hasGo(env)) return "there is no Go toolchain to build them with";
  const modules = [...new Set(binaries.map(({ build }) => build.module))].map((module) =>
    binaries.filter(({ build }) => build.module === module),
  );
  const prefetch = modules
    .slice(1)
    .reduce((earlier, each) => earlier.then(() => prefetchModules(each, env)), Promise.resolve());
  try {
    for (const each of modules) {
      const step = progress.step(`building ${each.map(({ name }) => name).join(", ")} with Go`);
      await goBuild(each, cache, env, (count) => step.update(`${count} packages`));
      step.end();
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await prefetch;
  }
}

function missingSentence(names: readonly string[], problem = "no way to get them worked"): string {
  return (
    `${names.join(", ")} cannot be had here, because ${problem}: put them into a folder and name it ` +
    `in LAB_BIN, or give this machine a way to their downloads, or to Go 1.26 and its module proxy, ` +
    `so that the lab can build them (about ten minutes, once)`
  );
}
