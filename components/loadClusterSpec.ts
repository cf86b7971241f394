import * as pulumi from "@pulumi/pulumi";

import { installProblems } from "./cilium/rendering/clusterRendering";
import type { Problem } from "./problems";
import type { ClusterSpec } from "./spec";
import { parseClusterSpec } from "./spec";
import { ciliumSecrets } from "./spec/cilium/namedSecrets";

/** What a stack's configuration holds for one cluster. */
export interface LoadedCluster {
  /** Absent when there is a problem. */
  readonly spec?: ClusterSpec;
  /** What `configPatchesFrom` and features of Cilium name, by name; each stays secret. */
  readonly secretPatches: Readonly<Record<string, pulumi.Output<string>>>;
  readonly problems: readonly Problem[];
}

/**
 * Reads `<project>:cluster` and every secret that it names. It throws nothing, so that all problems
 * are reported in one place.
 *
 * @param ownKeys keys of the same project that the program reads itself; any other is a problem.
 */
export function loadClusterSpec(
  config = new pulumi.Config(),
  ownKeys: readonly string[] = [],
): LoadedCluster {
  const own = new Set(ownKeys.map((key) => `${config.name}:${key}`));
  const { spec, problems } = parseClusterSpec(config.getObject("cluster"), {
    projectName: config.name,
    configKeys: Object.keys(pulumi.runtime.allConfig()).filter((key) => !own.has(key)),
    secretKeys: secretConfigKeys(),
    alsoCheck: installProblems,
  });
  if (!spec) return { problems, secretPatches: {} };
  const names = [
    ...[spec, ...spec.nodes].flatMap(({ configPatchesFrom }) => configPatchesFrom),
    ...ciliumSecrets(spec.cilium).map(({ name }) => name),
  ];
  // A name without a value was one of the problems.
  const secretPatches = Object.fromEntries(names.map((name) => [name, config.requireSecret(name)]));
  return { spec, problems, secretPatches };
}

/** Keys of the stack configuration that hold a secret; the engine hands their names over apart. */
function secretConfigKeys(): string[] {
  return JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[];
}
