import type { V1Node } from "@kubernetes/client-node";

import type { ClusterSnapshot } from "./clusterSnapshot";
import type { Expected } from "./notReady";

/** How the kubelet says that nothing but the CNI is missing. */
const NO_CNI = /NetworkPluginNotReady|cni (plugin|config)/i;

/**
 * What keeps a cluster without a CNI from being ready for one: nodes that have not joined, or that are
 * NotReady for another reason than the CNI. A node that is Ready has one already, which is fine. Pure.
 */
export function notAwaitingCNI(
  snapshot: Pick<ClusterSnapshot, "nodes">,
  { nodes }: Pick<Expected, "nodes">,
): string[] {
  const names = nodes ?? snapshot.nodes.map((node) => node.metadata?.name ?? "");
  if (names.length === 0) return ["no node has joined"];
  return names.flatMap((name) => {
    const node = snapshot.nodes.find((candidate) => candidate.metadata?.name === name);
    const reason = node ? fault(node) : "has not joined";
    return reason ? [`node ${name} ${reason}`] : [];
  });
}

function fault({ status }: V1Node): string | undefined {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const message = ready?.message ?? ready?.reason ?? "it has not reported yet";
  return ready?.status === "True" || NO_CNI.test(message) ? undefined : `is NotReady: ${message}`;
}
