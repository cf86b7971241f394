import { existsSync, readFileSync, readdirSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

import { parseClusterSpec, type ClusterSpec } from "../../components/spec";
import { formatProblems } from "../../components/problems";

/** The repository's root. */
export const ROOT = path.join(__dirname, "../..");

/** The stack of `npm run lab`. */
export const DEFAULT_STACK = "dev";

/** One stack: its file, the project that it belongs to, and the lab's folder for it. */
export interface Stack {
  name: string;
  /** `Pulumi.<name>.yaml`, absolute. */
  file: string;
  /** The folder with Pulumi.yaml, absolute. */
  projectDirectory: string;
  /** `.lab/<name>`, absolute. */
  dir: string;
}

/**
 * Finds a stack by its name, or by the path of its file or of the folder that holds it.
 *
 * @throws Error that names the stacks there are
 */
export function findStack(wanted: string, root = ROOT): Stack {
  const found = stackFiles(root).find(
    (file) =>
      nameOf(file) === wanted ||
      path.relative(file, path.resolve(root, wanted)) === "" ||
      path.relative(path.dirname(file), path.resolve(root, wanted)) === "",
  );
  if (!found) {
    const names = stackFiles(root).map(nameOf).join(", ");
    throw new Error(`there is no stack "${wanted}": there are ${names}`);
  }
  const folder = path.dirname(found);
  return {
    name: nameOf(found),
    file: found,
    projectDirectory: existsSync(path.join(folder, "Pulumi.yaml")) ? folder : root,
    dir: path.join(root, ".lab", nameOf(found)),
  };
}

/** What a user types before a verb for this stack. */
export function runCommand(stackName: string): string {
  return stackName === DEFAULT_STACK ? "npm run lab --" : `npm run lab -- --stack ${stackName}`;
}

/** The stack files of the root and of each folder of `examples/`. */
function stackFiles(root: string): string[] {
  const examples = path.join(root, "examples");
  const folders = existsSync(examples)
    ? readdirSync(examples, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => path.join(examples, entry.name))
    : [];
  return [root, ...folders].flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => /^Pulumi\.[^.]+\.yaml$/.test(file))
      .map((file) => path.join(folder, file)),
  );
}

function nameOf(file: string): string {
  return path.basename(file).slice("Pulumi.".length, -".yaml".length);
}

/**
 * The cluster of a stack's configuration, read as the program reads it, so that a wrong one ends a
 * lab before anything was started.
 *
 * @throws ConfigurationError with all problems
 */
export function readCluster(stack: Stack): ClusterSpec {
  const project = readYaml(path.join(stack.projectDirectory, "Pulumi.yaml")).name as string;
  const config = (readYaml(stack.file).config ?? {}) as Record<string, unknown>;
  const { spec, problems } = parseClusterSpec(config[`${project}:cluster`], {
    projectName: project,
    configKeys: Object.keys(config),
    secretKeys: Object.keys(config).filter((key) => isSecure(config[key])),
  });
  if (!spec) throw new ConfigurationError(formatProblems(problems));
  return spec;
}

/** A stack configuration that cannot be brought up. The message holds every problem. */
export class ConfigurationError extends Error {}

function readYaml(file: string): Record<string, unknown> {
  try {
    return (parse(readFileSync(file, "utf8")) ?? {}) as Record<string, unknown>;
  } catch (error) {
    throw new ConfigurationError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function isSecure(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}
