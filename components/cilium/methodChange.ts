import type { Found } from "../silencing";
import type { InstallMethod } from "../spec/cilium/installMethod";
import { parseVersion } from "../spec/versions";

/** What the readiness gate noted of the way in which Cilium was installed. */
export interface NotedMethod {
  /** Absent where a release is made. */
  readonly installMethod?: InstallMethod;
  /** Names of the objects that machine configurations carry; absent in states of before. */
  readonly byTalos?: readonly string[];
}

/** First minor of Talos that deletes what it applied and its configuration no longer has. */
const PRUNES_SINCE = 13;

/**
 * What a change of the method does to a cluster that runs. Pure.
 *
 * @param talosVersion of the machines. @default one that prunes
 */
export function methodChangeFindings(
  from: NotedMethod,
  to: NotedMethod,
  talosVersion?: string,
): Found[] {
  const minor = parseVersion(talosVersion ?? "")?.minor ?? PRUNES_SINCE;
  const pruned = prunedObjects(from, to);
  if (minor < PRUNES_SINCE || pruned.length === 0) return [];
  return [
    {
      id: "talos-prunes",
      warns: true,
      propertyPath: "cilium.installMethod",
      got: to.installMethod ?? "release",
      reason: `Talos applied these and its configuration no longer has them, so \`talosctl upgrade-k8s\` would delete them, whoever manages them by then: ${pruned.join(", ")}`,
      fix: "run it with --manifests-no-prune from now on",
    },
  ];
}

function prunedObjects(from: NotedMethod, to: NotedMethod): readonly string[] {
  const kept = new Set(to.byTalos);
  return (from.byTalos ?? []).filter((name) => !kept.has(name));
}
