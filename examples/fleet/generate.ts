import { readFileSync } from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import { ciMatrix } from "./ciMatrix";
import type { Fleet } from "./fleetStack";
import { readEnvironments, writeFleet } from "./writeFleet";

const at = (name: string) => path.join(__dirname, name);

/** Writes the Stacks; with `--matrix`, the CI jobs of the changed files that standard input names. */
function main([flag]: string[]): void {
  if (flag === "--matrix") {
    const changed = readFileSync(0, "utf8").split("\n").filter(Boolean);
    const names = readEnvironments(at("environments")).map(({ name }) => name);
    console.log(JSON.stringify({ include: ciMatrix(changed, names) }));
    return;
  }
  const fleet = parse(readFileSync(at("fleet.yaml"), "utf8")) as Fleet;
  const { written, removed, unchanged } = writeFleet(fleet, at("environments"), at("stacks"));
  for (const name of written) console.log(`wrote ${name}`);
  for (const name of removed) console.log(`removed ${name}`);
  console.log(`${unchanged.length} unchanged`);
}

main(process.argv.slice(2));
