import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import { localChartKeys } from "../components/values/localChart";

/**
 * Writes the key index of one or more charts of Cilium:
 *
 *     npx tsx scripts/chartKeys.ts <folder of an unpacked chart> …
 */
function main(folders: readonly string[]): void {
  const target = path.resolve(__dirname, "../components/values/keys");
  mkdirSync(target, { recursive: true });
  for (const folder of folders) {
    const { version } = parse(readFileSync(path.join(folder, "Chart.yaml"), "utf8")) as {
      version: string;
    };
    const minor = version.split(".").slice(0, 2).join(".");
    const index = { version, keys: localChartKeys(folder) };
    writeFileSync(path.join(target, `${minor}.json`), `${JSON.stringify(index, undefined, 1)}\n`);
    console.log(`${minor}.json from ${folder}`);
  }
}

main(process.argv.slice(2));
