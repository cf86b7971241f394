import { ciliumSecrets } from "../cilium/namedSecrets";
import { nearest } from "../nearest";
import type { ParseContext } from "../parse";
import type { ClusterSpec } from "../schema";
import type { Finding, Rule } from "./rule";

/** What stands beside the cluster in the stack configuration. */
export const configKeyRules: readonly Rule[] = [
  { id: "unknown-config-key", check: unknownConfigKey },
  { id: "named-secret-missing", check: namedSecretMissing },
  { id: "named-secret-in-clear", check: namedSecretInClear },
];

/** The one key of the project that is no secret. */
export const CLUSTER_KEY = "cluster";

/** Name of the project where the context says none. */
export const DEFAULT_PROJECT_NAME = "talos-cilium";

function* unknownConfigKey(spec: ClusterSpec, context: ParseContext): Iterable<Finding> {
  const known = [CLUSTER_KEY, ...namedSecrets(spec).map(({ name }) => name)];
  for (const key of ownKeys(context.configKeys, context)) {
    if (known.includes(key)) continue;
    const guess = nearest(key, known);
    const isSecret = ownKeys(context.secretKeys, context).includes(key);
    const fix = isSecret
      ? `write ${key} into configPatchesFrom, or remove it: pulumi config rm ${key}`
      : `remove it: pulumi config rm ${key}; everything else stands under ${CLUSTER_KEY}`;
    yield {
      propertyPath: `${context.projectName ?? DEFAULT_PROJECT_NAME}:${key}`,
      reason: isSecret ? "nothing names this secret" : "the program reads no such key",
      fix: guess ? `did you mean ${guess}?` : fix,
    };
  }
}

function* namedSecretMissing(spec: ClusterSpec, context: ParseContext): Iterable<Finding> {
  if (!context.configKeys) return;
  const keys = ownKeys(context.configKeys, context);
  for (const { name, propertyPath } of namedSecrets(spec)) {
    if (keys.includes(name)) continue;
    const guess = nearest(
      name,
      keys.filter((key) => key !== CLUSTER_KEY),
    );
    yield {
      propertyPath,
      got: name,
      reason: "the stack configuration has no value of this name",
      fix: guess
        ? `did you mean ${guess}?`
        : `set it: pulumi config set --secret ${name} < ${fileFor(propertyPath)}`,
    };
  }
}

function* namedSecretInClear(spec: ClusterSpec, context: ParseContext): Iterable<Finding> {
  if (!context.configKeys || !context.secretKeys) return;
  const keys = ownKeys(context.configKeys, context);
  const secrets = ownKeys(context.secretKeys, context);
  for (const { name, propertyPath } of namedSecrets(spec)) {
    if (!keys.includes(name) || secrets.includes(name)) continue;
    yield {
      propertyPath,
      got: name,
      reason: "the value of this name stands in the configuration file in clear",
      fix: `encrypt it: pulumi config set --secret ${name} < ${fileFor(propertyPath)}${isPatch(propertyPath) ? "; what is no secret goes into configPatches" : ""}`,
    };
  }
}

function namedSecrets(spec: ClusterSpec) {
  const ofPatches = [
    { names: spec.configPatchesFrom, path: "configPatchesFrom" },
    ...spec.nodes.map((node, index) => ({
      names: node.configPatchesFrom,
      path: `nodes[${index}].configPatchesFrom`,
    })),
  ].flatMap(({ names, path }) =>
    names.map((name, index) => ({ name, propertyPath: `${path}[${index}]` })),
  );
  return [...ofPatches, ...ciliumSecrets(spec.cilium)];
}

function isPatch(propertyPath: string): boolean {
  return propertyPath.includes("configPatchesFrom");
}

function fileFor(propertyPath: string): string {
  return isPatch(propertyPath) ? "patch.yaml" : "file";
}

/** Names in the project's own namespace, without it. */
function ownKeys(keys: readonly string[] | undefined, context: ParseContext): string[] {
  const prefix = `${context.projectName ?? DEFAULT_PROJECT_NAME}:`;
  return (keys ?? [])
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}
