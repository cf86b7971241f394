import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { parseClusterSpec } from "pulumi-talos-cilium/spec";
import { parse, stringify } from "yaml";

import type { Environment, Fleet } from "./fleetStack";
import { fleetStack, isSecure } from "./fleetStack";

/** Names of environments whose Stack was written, removed, or left as it was. */
export interface FleetChange {
  readonly written: string[];
  readonly removed: string[];
  readonly unchanged: string[];
}

/**
 * Writes one Stack for each `Pulumi.<environment>.yaml` to `<stacks>/<environment>.yaml`, touching
 * no file whose text stays, and removes those whose environment is gone.
 *
 * @throws Error with every problem of every environment, before anything is written
 */
export function writeFleet(fleet: Fleet, environments: string, stacks: string): FleetChange {
  const all = readEnvironments(environments);
  const problems = all.flatMap((environment) => problemsOf(environment, fleet));
  if (problems.length > 0) throw new Error(problems.join("\n"));

  mkdirSync(stacks, { recursive: true });
  const change: FleetChange = { written: [], removed: [], unchanged: [] };
  for (const environment of all) {
    const file = path.join(stacks, `${environment.name}.yaml`);
    const text = stringify(fleetStack(environment, fleet), { aliasDuplicateObjects: false });
    const same = existsSync(file) && readFileSync(file, "utf8") === text;
    if (!same) writeFileSync(file, text);
    change[same ? "unchanged" : "written"].push(environment.name);
  }
  const names = new Set(all.map(({ name }) => name));
  for (const name of readdirSync(stacks).map((file) => path.basename(file, ".yaml"))) {
    if (names.has(name)) continue;
    rmSync(path.join(stacks, `${name}.yaml`));
    change.removed.push(name);
  }
  return change;
}

/** In the order of their names. */
export function readEnvironments(folder: string): Environment[] {
  return readdirSync(folder)
    .flatMap((file) => /^Pulumi\.([^.]+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort()
    .map((name) => {
      const text = readFileSync(path.join(folder, `Pulumi.${name}.yaml`), "utf8");
      return { name, config: (parse(text) as { config?: Environment["config"] }).config ?? {} };
    });
}

function problemsOf({ name, config }: Environment, { project }: Fleet): string[] {
  const keys = Object.keys(config);
  const { problems } = parseClusterSpec(config[`${project}:cluster`], {
    projectName: project,
    configKeys: keys,
    secretKeys: keys.filter((key) => isSecure(config[key])),
  });
  return problems.map(
    ({ propertyPath, reason, fix }) => `${name}: ${propertyPath} ${reason}; ${fix}`,
  );
}
