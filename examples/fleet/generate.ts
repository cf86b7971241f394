import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import { ciMatrix } from "./ciMatrix";
import { environmentNames } from "./readEnvironments";
import { writeFleet } from "./writeFleet";

const at = (name: string) => path.join(__dirname, name);

/**
 * Writes the Stacks; with `--matrix`, the CI jobs of the changed files that standard input names,
 * and that from the top of the repository.
 */
function main(): void {
  const { values } = parseArgs({ options: { matrix: { type: "boolean" } } });
  if (values.matrix) {
    const changed = readFileSync(0, "utf8").split("\n").filter(Boolean);
    const folder = path.relative(process.cwd(), __dirname);
    const jobs = ciMatrix(changed, environmentNames(at("environments")), folder);
    console.log(JSON.stringify({ include: jobs }));
    return;
  }
  const change = writeFleet(at("fleet.yaml"), at("environments"), at("stacks"));
  for (const name of change.written) console.log(`wrote ${name}`);
  for (const name of change.removed) console.log(`removed ${name}`);
  console.log(`${change.unchanged.length} unchanged`);
}

try {
  main();
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 1;
}
