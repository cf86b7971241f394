import type { MigrationFacts, NodeFacts, PodFacts } from "../../../components/migration/facts";
import type { MigrationTarget } from "../../../components/migration/target";

export const POOL = ["10.245.0.0/16"];

export const pod = (ip: string | undefined, more: Partial<PodFacts> = {}): PodFacts => ({
  ...{ namespace: "default", name: "web-1", ip },
  ...{ isBare: false, returns: false, isLeaving: false },
  ...more,
});

/** A node of a cluster on which Cilium runs beside Flannel. */
export const onFlannel = (hostname: string, more: Partial<NodeFacts> = {}): NodeFacts => ({
  ...{ hostname, isReady: true, isCordoned: false, isLabelled: false },
  ...{ cordonedBefore: undefined, agentBefore: undefined },
  agent: { name: `cilium-${hostname}`, uid: "agent-1", isReady: true },
  pods: [],
  ...more,
});

/** A node whose move has ended. */
export const moved = (hostname: string, more: Partial<NodeFacts> = {}): NodeFacts =>
  onFlannel(hostname, {
    isLabelled: true,
    agentBefore: "agent-1",
    agent: { name: `cilium-${hostname}`, uid: "agent-2", isReady: true },
    ...more,
  });

export const facts = (
  nodes: readonly NodeFacts[],
  more: Partial<MigrationFacts> = {},
): MigrationFacts => ({
  nodes,
  flannel: { network: "10.244.0.0/16", port: 4789 },
  cilium: { ipam: "cluster-pool", podSubnets: POOL, isCNI: false },
  hasKubeProxy: true,
  ...more,
});

export const target = (
  stage: MigrationTarget["stage"],
  order: readonly string[] = ["worker-1", "cp-1"],
  moving = order,
): MigrationTarget => ({ stage, podSubnets: POOL, order, moving, replacesKubeProxy: true });
