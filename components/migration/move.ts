import type { NodeFacts, PodFacts } from "./facts";
import { isWithin } from "./target";

/** What brings a node further on its way from Flannel to Cilium. */
export type Move =
  | { readonly do: "done" }
  | { readonly do: "wait"; readonly for: string }
  | { readonly do: "refuse"; readonly reason: string; readonly fix: string }
  | { readonly do: "cordon" }
  | { readonly do: "evict"; readonly pods: readonly PodFacts[] }
  | { readonly do: "label"; readonly agent: string }
  | { readonly do: "restart agent"; readonly pod: string }
  | { readonly do: "restart pods"; readonly pods: readonly PodFacts[] }
  | { readonly do: "uncordon" };

/**
 * The next thing to do for a node, by what is seen of it alone: whatever ended an earlier run, the
 * next one goes on from there. Pure.
 *
 * The node keeps Flannel and its configuration until Cilium's agent has written its own, so that at
 * no moment the node is Ready without a CNI; meanwhile it is cordoned and empty.
 */
export function nextMove(node: NodeFacts, podSubnets: readonly string[]): Move {
  if (isMoved(node, podSubnets)) return { do: "done" };
  if (!node.isReady) return { do: "wait", for: "the node is NotReady" };
  if (!node.agent) return { do: "wait", for: "no agent of Cilium runs there" };
  const bare = node.pods.filter(({ isBare }) => isBare);
  if (bare.length > 0 && !hasBegun(node)) {
    return {
      do: "refuse",
      reason: `nothing would make ${named(bare)} again`,
      fix: "delete it, or let a controller own it; then run `pulumi up` again",
    };
  }
  if (node.cordonedBefore === undefined) return { do: "cordon" };
  return hasBegun(node) ? switched(node, node.agent, podSubnets) : emptied(node, node.agent);
}

/** Whether pods of a node get their network from Cilium, and nothing is left to be done. Pure. */
export function isMoved(node: NodeFacts, podSubnets: readonly string[]): boolean {
  const { cordonedBefore, agentBefore, agent, pods } = node;
  const isSwitched = hasBegun(node) && agent?.isReady === true && agent.uid !== agentBefore;
  return isSwitched && cordonedBefore === undefined && foreign(pods, podSubnets).length === 0;
}

/** Whether a move of this node has begun and not ended. Pure. */
export function isMoving(node: NodeFacts, podSubnets: readonly string[]): boolean {
  return (hasBegun(node) || node.cordonedBefore !== undefined) && !isMoved(node, podSubnets);
}

/** Whether its agent is told to be the CNI; a label by another hand says nothing of the agent. */
function hasBegun({ isLabelled, agentBefore }: NodeFacts): boolean {
  return isLabelled && agentBefore !== undefined;
}

/** Pods whose address is none of Cilium's. Pure. */
export function foreign(pods: readonly PodFacts[], podSubnets: readonly string[]): PodFacts[] {
  return pods.filter(({ ip }) => ip !== undefined && !isWithin(ip, podSubnets));
}

function emptied(node: NodeFacts, agent: NonNullable<NodeFacts["agent"]>): Move {
  const leaving = node.pods.filter(({ returns }) => !returns);
  const toEvict = leaving.filter(({ isLeaving }) => !isLeaving);
  if (toEvict.length > 0) return { do: "evict", pods: toEvict };
  if (leaving.length > 0) return { do: "wait", for: `${named(leaving)} to end` };
  if (!agent.isReady) return { do: "wait", for: `${agent.name} to be ready` };
  return { do: "label", agent: agent.uid };
}

function switched(
  node: NodeFacts,
  agent: NonNullable<NodeFacts["agent"]>,
  podSubnets: readonly string[],
): Move {
  if (agent.uid === node.agentBefore) return { do: "restart agent", pod: agent.name };
  if (!agent.isReady) return { do: "wait", for: `${agent.name} to be ready` };
  const old = foreign(node.pods, podSubnets);
  const toRestart = old.filter(({ isLeaving }) => !isLeaving);
  if (toRestart.length > 0) return { do: "restart pods", pods: toRestart };
  if (old.length > 0) return { do: "wait", for: `${named(old)} to end` };
  return { do: "uncordon" };
}

/** `namespace/name` of pods, the first few of many. Pure. */
export function named(pods: readonly PodFacts[]): string {
  const names = pods.slice(0, 3).map(({ namespace, name }) => `${namespace}/${name}`);
  return names.join(", ") + (pods.length > 3 ? ` and ${pods.length - 3} more` : "");
}
