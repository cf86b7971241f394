import type { ChartKeys } from "./chartKeys";
import v117 from "./keys/1.17.json";
import v118 from "./keys/1.18.json";
import v119 from "./keys/1.19.json";
import v120 from "./keys/1.20.json";
import { localChartKeys } from "./localChart";

interface KeyIndex {
  /** The chart that it was made from. */
  readonly version: string;
  readonly keys: ChartKeys;
}

/** What Cilium's charts know, by minor. Written by `scripts/chartKeys.ts`. */
const indices: Readonly<Record<string, KeyIndex>> = {
  "1.17": v117,
  "1.18": v118,
  "1.19": v119,
  "1.20": v120,
};

/** What Cilium's chart of this version's minor knows; undefined for a minor that has no index. */
export function chartKeysOf(version: string): ChartKeys | undefined {
  return indices[version.replace(/^v/, "").split(".").slice(0, 2).join(".")]?.keys;
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
