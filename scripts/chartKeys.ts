import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import type { ChartKeys } from "../components/values/chartKeys";
import { chartKeysOf, KEY_FILES, minorOf } from "../components/values/keyIndex";
import { keyPatch } from "../components/values/keyPatch";
import { localChartKeys } from "../components/values/localChart";

const TARGET = path.resolve(__dirname, "../components/values/keys");

/**
 * Writes the key indices anew with those of one or more charts of Cilium:
 *
 *     npx tsx scripts/chartKeys.ts <folder of an unpacked chart> …
 *
 * A minor that is new there has to be named in `keyIndex.ts` as well.
 */
function main(folders: readonly string[]): void {
  const indices = new Map(
    KEY_FILES.map(({ version }) => [minorOf(version), { version, keys: chartKeysOf(version)! }]),
  );
  for (const folder of folders) {
    const { version } = parse(readFileSync(path.join(folder, "Chart.yaml"), "utf8")) as {
      version: string;
    };
    indices.set(minorOf(version), { version, keys: localChartKeys(folder)! });
  }
  const newestFirst = [...indices].sort(([a], [b]) =>
    b.localeCompare(a, undefined, { numeric: true }),
  );
  let newer: ChartKeys = {};
  for (const [minor, { version, keys }] of newestFirst) {
    const file = { version, keys: keyPatch(newer, keys) };
    writeFileSync(path.join(TARGET, `${minor}.json`), `${JSON.stringify(file, undefined, 1)}\n`);
    newer = keys;
  }
}

main(process.argv.slice(2));
