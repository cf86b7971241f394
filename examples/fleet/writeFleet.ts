import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { stringify } from "yaml";
import * as z from "zod";

import { environmentProblems, reviewProblems } from "./fleetProblems";
import { PART_OF, fleetStack } from "./fleetStack";
import { type Fleet, type ParsedFleet, parseFleet } from "./parseFleet";
import { environmentNames, readEnvironments } from "./readEnvironments";
import { readYaml } from "./readYaml";

/** Names of environments whose Stack was written, removed, or left as it was. */
export interface FleetChange {
  readonly written: string[];
  readonly removed: string[];
  readonly unchanged: string[];
}

/**
 * Writes one Stack for each `Pulumi.<environment>.yaml` to `<stacks>/<environment>.yaml`, touching
 * no file whose text stays, and removes the fleet's Stacks whose environment is gone. What else lies
 * in that folder stays.
 *
 * @param fleetFile path of `fleet.yaml`
 * @throws Error with every problem of every file, before anything is written
 */
export function writeFleet(fleetFile: string, folder: string, stacks: string): FleetChange {
  const { value, problem } = readYaml(fleetFile);
  const parsed: ParsedFleet = problem ? { problems: [problem] } : parseFleet(value);
  const { fleet, project } = parsed;
  const { environments, problems: unreadable } = readEnvironments(folder);
  const names = environmentNames(folder);
  const stackFileOf = (name: string) => path.join(stacks, `${name}.yaml`);
  const problems = [
    ...parsed.problems,
    ...unreadable,
    ...reviewProblems(Object.keys(fleet?.underReview ?? {}), names),
    ...(project ? environmentProblems(environments, project) : []),
    ...(fleet ? foreignFiles(names.map(stackFileOf), fleet) : []),
  ];
  if (!fleet || problems.length > 0) throw new Error(problems.join("\n"));

  mkdirSync(stacks, { recursive: true });
  const change: FleetChange = { written: [], removed: [], unchanged: [] };
  for (const environment of environments) {
    const file = stackFileOf(environment.name);
    const text = stringify(fleetStack(environment, fleet), { aliasDuplicateObjects: false });
    const same = existsSync(file) && readFileSync(file, "utf8") === text;
    if (!same) writeFileSync(file, text);
    change[same ? "unchanged" : "written"].push(environment.name);
  }
  for (const file of readdirSync(stacks)) {
    const name = path.basename(file, ".yaml");
    if (!file.endsWith(".yaml") || names.includes(name)) continue;
    if (!isOfFleet(stackFileOf(name), fleet)) continue;
    rmSync(stackFileOf(name));
    change.removed.push(name);
  }
  return change;
}

/** Files that somebody else put where a Stack would be written. */
function foreignFiles(files: readonly string[], fleet: Fleet): string[] {
  return files
    .filter((file) => existsSync(file) && !isOfFleet(file, fleet))
    .map((file) => path.relative(process.cwd(), file))
    .map((file) => `${file}: it is no Stack of this fleet and would be overwritten; move it away`);
}

/** Whether a file holds a Stack with the label of this fleet. */
function isOfFleet(file: string, { project }: Fleet): boolean {
  const labels = z.object({ [PART_OF]: z.literal(project) });
  const stack = z.object({ kind: z.literal("Stack"), metadata: z.object({ labels }) });
  return stack.safeParse(readYaml(file).value).success;
}
