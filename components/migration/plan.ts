import { hasReached, type MigrationStage } from "../spec/cilium/migration";
import type { MigrationFacts, NodeFacts } from "./facts";
import { isMoved, isMoving } from "./move";
import type { MigrationTarget } from "./target";

export interface PlannedStep {
  readonly what: string;
  /** Why it is done at this place. */
  readonly why: string;
  /** `now` is for the next update; `unknown` where the cluster has not been asked. */
  readonly state: "done" | "now" | "later" | "unknown";
}

/**
 * Every step from Flannel to Cilium in order, and how far it is.
 *
 * @param facts undefined where the cluster cannot be asked
 */
export function migrationPlan(target: MigrationTarget, facts?: MigrationFacts): PlannedStep[] {
  const { podSubnets, moving } = target;
  const state = (
    at: MigrationStage,
    isDone: boolean | undefined,
    isMeant = true,
  ): PlannedStep["state"] => {
    if (isDone) return "done";
    if (!isMeant || !hasReached(at, target)) return "later";
    return isDone === undefined ? "unknown" : "now";
  };
  const nodes = new Map(facts?.nodes.map((node) => [node.hostname, node]));
  const isOver = facts && !facts.flannel && facts.cilium?.isCNI === true;
  const moved = (hostname: string) =>
    isOver || (facts && nodes.has(hostname) && isMoved(nodes.get(hostname)!, podSubnets));
  const anyMoved = facts && (isOver || facts.nodes.some((node) => isMoved(node, podSubnets)));
  return [
    {
      what: "Cilium beside Flannel",
      why: `agents run on every node with ${podSubnets.join(", ")} and write no CNI configuration: every pod stays on Flannel`,
      state: state("beside", facts && facts.cilium !== undefined),
    },
    {
      what: "machine configurations without Flannel",
      why: "no boot shall bring it back; Talos removes nothing by itself, so it goes on running",
      state: state("nodes", anyMoved),
    },
    ...target.order.map((hostname) => ({
      what: `move ${hostname}`,
      why: moveReason(nodes.get(hostname), podSubnets),
      state: state("nodes", moved(hostname), moving.includes(hostname)),
    })),
    {
      what: "Cilium with all of the spec",
      why: "no pod is left to Flannel: policies and features can hold",
      state: state("done", facts && facts.cilium?.isCNI === true),
    },
    {
      what: "remove Flannel",
      why: "DaemonSet, ConfigMap, account and rights, once no pod has an address of its network",
      state: state("done", facts && !facts.flannel),
    },
    ...(target.replacesKubeProxy
      ? [
          {
            what: "remove kube-proxy",
            why: "last, because Services need it until every agent replaces it",
            state: state("done", facts && !facts.hasKubeProxy),
          },
        ]
      : []),
  ];
}

function moveReason(node: NodeFacts | undefined, podSubnets: readonly string[]): string {
  const all = "cordon, evict, label, restart its agent and what stays, uncordon";
  if (!node) return all;
  if (isMoved(node, podSubnets)) return "its pods have addresses of Cilium";
  if (isMoving(node, podSubnets)) return `an earlier run began: ${all}`;
  const leaving = node.pods.filter(({ returns }) => !returns).length;
  return node.pods.length === 0 ? all : `${all}; ${leaving} of ${node.pods.length} pods leave it`;
}

const MARKS = { done: "✓", now: "→", later: "·", unknown: "?" } as const;

/** The plan as a preview shows it, one line a step. Pure. */
export function formatPlan({ stage }: MigrationTarget, plan: readonly PlannedStep[]): string {
  const width = String(plan.length).length;
  return [
    `from Flannel to Cilium, stage ${stage} (✓ done, → with this update, · later, ? the cluster was not asked):`,
    ...plan.map(
      ({ what, why, state }, index) =>
        `  ${MARKS[state]} ${String(index + 1).padStart(width)}. ${what}: ${why}`,
    ),
  ].join("\n");
}
