import { readdirSync } from "node:fs";
import path from "node:path";

import * as z from "zod";

import { readYaml } from "./readYaml";

/** An environment: its name and the `config` of its stack file. */
export interface Environment {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Anything else than an object holds no configuration. */
const config = z.record(z.string(), z.unknown()).catch({});
const stackFile = z.object({ config }).catch({ config: {} });

/** Name of the environment whose stack file this is, without its folder; it may hold dots. Pure. */
export function environmentOf(file: string): string | undefined {
  return /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1];
}

/** Of all stack files in a folder, sorted. */
export function environmentNames(folder: string): string[] {
  return readdirSync(folder)
    .flatMap((file) => environmentOf(file) ?? [])
    .sort();
}

/** What is nearly a stack file: passed over, its Stack would be removed. Pure. */
export function misnamedProblems(files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const [, name] = /^pulumi\.(.+)\.ya?ml$/i.exec(file) ?? [];
    if (name === undefined || environmentOf(file) !== undefined) return [];
    return `${file}: stack files are called Pulumi.<environment>.yaml; rename it to Pulumi.${name}.yaml`;
  });
}

/** All environments of a folder in the order of their names, and why others cannot be read. */
export function readEnvironments(folder: string): {
  readonly environments: readonly Environment[];
  readonly problems: readonly string[];
} {
  const read = environmentNames(folder).map((name) => ({
    name,
    ...readYaml(path.join(folder, `Pulumi.${name}.yaml`)),
  }));
  return {
    environments: read
      .filter(({ problem }) => problem === undefined)
      .map(({ name, value }) => ({ name, config: stackFile.parse(value).config })),
    problems: [
      ...misnamedProblems(readdirSync(folder)),
      ...read.flatMap(({ problem }) => problem ?? []),
    ],
  };
}
