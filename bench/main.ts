import { createRequire } from "node:module";

import type * as Report from "./report";

const BENCHES = ["preview", "lab", "helm", "summarize", "package"] as const;

/** `npm run bench`: all of them, or those that are named. */
async function main(names: string[]): Promise<void> {
  const load = createRequire(__filename);
  const { report } = load("./report") as typeof Report;
  let good = true;
  for (const name of names.length > 0 ? names : BENCHES) {
    if (!(BENCHES as readonly string[]).includes(name)) {
      throw new Error(`there is no bench "${name}": there are ${BENCHES.join(", ")}`);
    }
    const { bench } = load(`./${name}`) as { bench: () => Promise<Report.Measurement[]> };
    good = report(name, await bench()) && good;
  }
  process.exitCode = good ? 0 : 1;
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
