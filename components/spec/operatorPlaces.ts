import type { ClusterSpec } from "./schema";
import { parseVersion } from "./versions";

/** Taints that Cilium's operator tolerates since 1.18; before, it tolerated all. */
const TOLERATED = [
  "node-role.kubernetes.io/control-plane",
  "node-role.kubernetes.io/master",
  "node.kubernetes.io/not-ready",
  "node.cloudprovider.kubernetes.io/uninitialized",
  "node.cilium.io/agent-not-ready",
];

/** For each node the taint, key and value, that keeps Cilium's operator off it; undefined without one. */
export function operatorBlockers({
  nodes,
  cilium,
}: Pick<ClusterSpec, "nodes" | "cilium">): (readonly [string, string] | undefined)[] {
  const version = parseVersion(cilium.version);
  const operator = cilium.values["operator"] as { tolerations?: unknown } | null | undefined;
  const toleratesAll = !version || version.minor < 18 || operator?.tolerations !== undefined;
  return nodes.map(({ taints }) =>
    toleratesAll
      ? undefined
      : Object.entries(taints).find(
          ([key, value]) => !TOLERATED.includes(key) && !value.endsWith("PreferNoSchedule"),
        ),
  );
}
