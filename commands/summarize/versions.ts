import type { Change } from "./changes";
import { declaredCluster } from "./declaredCluster";
import type { Preview, Tree } from "./preview";

export interface VersionChange {
  readonly what: string;
  /** Absent where the cluster does not exist or did not say. */
  readonly from?: string;
  readonly to?: string;
}

const VERSIONS = [
  ["Talos", "talos", "talosVersion"],
  ["Kubernetes", "kubernetes", "kubernetesVersion"],
  ["Cilium", "cilium", undefined],
  ["config contract", "configContract", "configContract"],
] as const;

/**
 * Versions that change: the stack's output `versions` against the stack configuration. Where a
 * program has neither, only Cilium's is known, from its release. Pure.
 */
export function versionChanges(preview: Preview, changes: readonly Change[]): VersionChange[] {
  const root = preview.steps.find(({ urn }) => urn.includes("::pulumi:pulumi:Stack::"));
  const before = (root?.oldState?.outputs?.["versions"] ?? {}) as Tree;
  const spec = declaredCluster(preview)?.spec;
  const release = changes.find(({ type }) => type === "kubernetes:helm.sh/v3:Release");
  const rows = VERSIONS.map(([what, output, key]): VersionChange => {
    if (key) return { what, from: text(before[output]), to: text(spec?.[key]) };
    return {
      what,
      from: text(before[output]) ?? text(release?.old?.inputs?.["version"]),
      to:
        text((spec?.["cilium"] as Tree | undefined)?.["version"]) ??
        text(release?.new?.inputs?.["version"]),
    };
  });
  return rows.filter(({ from, to }) => to !== undefined && from !== to);
}

/**
 * What, beside patches, changes the configuration that Talos generates: all of it is taken over
 * without a reboot. Pure.
 */
export function generatedChanges(preview: Preview, versions: readonly VersionChange[]): string[] {
  const root = preview.steps.find(({ urn }) => urn.includes("::pulumi:pulumi:Stack::"));
  const endpoint = text(root?.oldState?.outputs?.["clusterEndpoint"]);
  const next = text(declaredCluster(preview)?.spec["clusterEndpoint"]);
  const kubernetes = versions.some(({ what, from }) => what === "Kubernetes" && from !== undefined);
  return [
    ...(kubernetes ? ["the Kubernetes version"] : []),
    ...(endpoint !== undefined && next !== undefined && endpoint !== next
      ? ["the cluster's endpoint"]
      : []),
  ];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
