import type { Found } from "../silencing";
import { type InstallMethod, isByTalos } from "../spec/cilium/installMethod";
import { parseVersion } from "../spec/versions";

/** What a stack notes of the way in which Cilium is installed, before any machine hears of it. */
export interface NotedMethod {
  readonly installMethod?: InstallMethod;
  /** Names of the objects that machine configurations carry, where Talos applies them. */
  readonly byTalos?: readonly string[];
  /** Version of Talos. @default one that prunes */
  readonly talos?: string;
}

/** First minor of Talos that deletes what it applied and its configuration no longer has. */
const PRUNES_SINCE = 13;

/** What of the objects that Talos applied leaves the configuration of machines. Pure. */
export function pruningFindings(from: NotedMethod, to: NotedMethod): Found[] {
  const minor = parseVersion(to.talos ?? "")?.minor ?? PRUNES_SINCE;
  const kept = new Set(to.byTalos);
  const pruned = (from.byTalos ?? []).filter((name) => !kept.has(name));
  if (minor < PRUNES_SINCE || pruned.length === 0) return [];
  // Where Talos goes on with Cilium, nobody else has what it deletes.
  const isWanted = to.installMethod !== undefined && isByTalos(to.installMethod);
  return [
    {
      id: "talos-prunes",
      warns: true,
      propertyPath: "cilium.installMethod",
      got: to.installMethod,
      reason: `Talos applied these and its configuration no longer has them, so \`talosctl upgrade-k8s\` ${isWanted ? "deletes them" : "would delete them, whoever manages them by then"}: ${pruned.join(", ")}`,
      fix: isWanted
        ? "run it without --manifests-no-prune, as they are in use no more"
        : "run it with --manifests-no-prune from now on",
    },
  ];
}
