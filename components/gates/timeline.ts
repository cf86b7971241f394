import type { V1DaemonSet, V1Node, V1Pod, V1Secret } from "@kubernetes/client-node";

import { storedRelease } from "../cilium/storedRelease";
import type { ClusterApi } from "./clusterApi";

/** When the stages behind the bootstrap were passed: ISO times, absent where nothing tells. */
export interface ReadyTimes {
  readonly ciliumApplied?: string;
  readonly firstAgentReady?: string;
  readonly firstNodeReady?: string;
  readonly allReady?: string;
}

/** The bootstrap window, from the accepted Bootstrap to the last node Ready. */
export interface BootstrapTimeline extends ReadyTimes {
  readonly bootstrapAccepted?: string;
  readonly apiServing?: string;
  /** Seconds from `bootstrapAccepted` to `allReady`. */
  readonly secondsUsed?: number;
  /** Seconds of `bootstrapWindow`. */
  readonly secondsBudgeted: number;
}

/** Reads the times back from what lasts in the cluster, so that no failed run can lose them. */
export async function readTimes(api: ClusterApi): Promise<ReadyTimes> {
  const selector = (labels: string) => `?labelSelector=${encodeURIComponent(labels)}`;
  const [nodes, agents, revisions, daemonSet] = await Promise.all([
    api.list<V1Node>("/api/v1/nodes"),
    api.list<V1Pod>(`/api/v1/namespaces/kube-system/pods${selector("k8s-app=cilium")}`),
    api.list<V1Secret>(
      `/api/v1/namespaces/kube-system/secrets${selector("owner=helm,name=cilium")}`,
    ),
    api.get<V1DaemonSet>("/apis/apps/v1/namespaces/kube-system/daemonsets/cilium"),
  ]);
  const nodeTimes = readySince(nodes.map((node) => node.status?.conditions));
  return {
    // Without Helm nothing tells but the agents' DaemonSet.
    ciliumApplied: applied(revisions) ?? isoTime(daemonSet?.metadata?.creationTimestamp),
    firstAgentReady: readySince(agents.map((pod) => pod.status?.conditions))[0],
    firstNodeReady: nodeTimes[0],
    allReady: nodeTimes.at(-1),
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: Date | string;
}

/** Times since when each is Ready, the earliest first. Pure. */
export function readySince(all: readonly (readonly Condition[] | undefined)[]): string[] {
  return all
    .flatMap(
      (conditions) => conditions?.filter((c) => c.type === "Ready" && c.status === "True") ?? [],
    )
    .flatMap((condition) => isoTime(condition.lastTransitionTime) ?? [])
    .sort();
}

/**
 * When Helm was done with the first revision, to the second: its label `modifiedAt`, until another
 * revision takes its place. What it keeps for good, `first_deployed`, is from before the render. Pure.
 */
export function applied(
  revisions: readonly Pick<V1Secret, "data" | "metadata">[],
): string | undefined {
  const [first] = revisions;
  const begun = isoTime(first && storedRelease(first)?.info?.first_deployed);
  const { status, modifiedAt } = first?.metadata?.labels ?? {};
  if (!begun || revisions.length > 1 || status !== "deployed" || !modifiedAt) return begun;
  const done = isoTime(new Date(Number(modifiedAt) * 1000)) as string;
  return done > begun ? done : begun;
}

function isoTime(time: Date | string | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

/** Puts the measurements of all stages together. Pure. */
export function bootstrapTimeline(
  bootstrapAccepted: string | undefined,
  apiServing: string | undefined,
  times: ReadyTimes | undefined,
  secondsBudgeted: number,
): BootstrapTimeline {
  const { allReady } = times ?? {};
  const secondsUsed =
    bootstrapAccepted && allReady
      ? (Date.parse(allReady) - Date.parse(bootstrapAccepted)) / 1000
      : undefined;
  return { bootstrapAccepted, apiServing, ...times, secondsUsed, secondsBudgeted };
}
