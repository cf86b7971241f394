import type { ChartKeys } from "./chartKeys";
import v117 from "./keys/1.17.json";
import v118 from "./keys/1.18.json";
import v119 from "./keys/1.19.json";
import v120 from "./keys/1.20.json";
import { type KeyPatch, patchedKeys } from "./keyPatch";
import { localChartKeys } from "./localChart";

/**
 * What Cilium's charts know, newest first: the first is whole, and each other one what makes it of the
 * one before, because little changes from minor to minor. Written by `scripts/chartKeys.ts`.
 */
export const KEY_FILES: readonly { readonly version: string; readonly keys: KeyPatch }[] = [
  v120,
  v119,
  v118,
  v117,
];

/** The index of each minor that was asked for: every check of a cluster asks, and patching takes longer than it. */
const indexes = new Map<string, ChartKeys>();

/** What Cilium's chart of this version's minor knows; undefined for a minor that has no index. */
export function chartKeysOf(version: string): ChartKeys | undefined {
  const minor = minorOf(version.replace(/^v/, ""));
  const end = KEY_FILES.findIndex((each) => minorOf(each.version) === minor);
  if (end < 0) return undefined;
  const keys = indexes.get(minor) ?? indexUpTo(end);
  indexes.set(minor, keys);
  return keys;
}

function indexUpTo(end: number): ChartKeys {
  return KEY_FILES.slice(0, end + 1).reduce<ChartKeys>(
    (keys, each) => patchedKeys(keys, each.keys),
    {},
  );
}

/** Whether the newest chart that is known has a key, by the keys that lead to it. Pure. */
export function isChartKey(path: readonly string[]): boolean {
  let keys: ChartKeys | string | undefined = KEY_FILES[0]!.keys as ChartKeys;
  for (const key of path) {
    if (typeof keys !== "object" || !Object.hasOwn(keys, key)) return false;
    keys = keys[key];
  }
  return true;
}

/** `1.20` of `1.20.3`. */
export function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/**
 * What a chart knows: a local one is asked itself, any other is taken for Cilium's own of that
 * version. Where a local one says nothing about types, those of Cilium's own hold.
 *
 * @throws Error when there is something at the path, but no chart.
 */
export function chartKeysFor(chart: string, version: string): ChartKeys | undefined {
  const own = chartKeysOf(version);
  const local = localChartKeys(chart);
  return local && own ? withTypes(local, own) : (local ?? own);
}

function withTypes(keys: ChartKeys, typed: ChartKeys): ChartKeys {
  return Object.fromEntries(
    Object.entries(keys).map(([key, below]) => {
      const type = typed[key];
      if (typeof below === "object") {
        return [key, typeof type === "object" ? withTypes(below, type) : below];
      }
      return [key, below === "any" && typeof type === "string" ? type : below];
    }),
  );
}
