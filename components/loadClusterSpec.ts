import * as pulumi from "@pulumi/pulumi";

import type { Problem } from "./problems";
import type { ClusterSpec } from "./spec";
import { parseClusterSpec } from "./spec";

/** What a stack's configuration holds for one cluster. */
export interface LoadedCluster {
  /** Absent when there is a problem. */
  readonly spec?: ClusterSpec;
  /** Patches that `configPatchesFrom` names, by name; each stays secret. */
  readonly secretPatches: Record<string, pulumi.Output<string>>;
  readonly problems: readonly Problem[];
}

/**
 * Reads `<project>:cluster` and every secret that it names. It throws nothing, so that all problems
 * are reported in one place.
 */
export function loadClusterSpec(config = new pulumi.Config()): LoadedCluster {
  const keys = Object.keys(pulumi.runtime.allConfig());
  const parsed = parseClusterSpec(config.getObject("cluster"), {
    projectName: config.name,
    configKeys: keys,
    secretKeys: secretConfigKeys(),
  });
  if (!parsed.spec) return { ...parsed, secretPatches: {} };

  const names = new Set([
    ...parsed.spec.configPatchesFrom,
    ...parsed.spec.nodes.flatMap((node) => node.configPatchesFrom),
  ]);
  const secretPatches: Record<string, pulumi.Output<string>> = {};
  const problems: Problem[] = [];
  for (const name of names) {
    const value = config.getSecret(name);
    if (value) secretPatches[name] = value;
    else problems.push(missingSecret(config.name, name));
  }
  return { spec: problems.length > 0 ? undefined : parsed.spec, secretPatches, problems };
}

/** Keys of the stack configuration that hold a secret; the engine hands their names over apart. */
function secretConfigKeys(): string[] {
  return JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[];
}

function missingSecret(project: string, name: string): Problem {
  return {
    id: "named-secret-missing",
    propertyPath: "configPatchesFrom",
    got: name,
    reason: `the stack configuration has no value ${project}:${name}`,
    fix: `set it with \`pulumi config set --secret ${name} < patch.yaml\`, or remove the name`,
  };
}
