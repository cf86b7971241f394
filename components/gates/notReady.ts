import type { V1DaemonSet, V1Deployment, V1Node, V1Pod } from "@kubernetes/client-node";

import type { ClusterSnapshot, GatewayClass } from "./clusterSnapshot";

/** CRDs that the operator registers whatever the values say; objects of the group need them. */
const REQUIRED_CRDS = [
  "ciliumclusterwidenetworkpolicies.cilium.io",
  "ciliumendpoints.cilium.io",
  "ciliumidentities.cilium.io",
  "ciliumnetworkpolicies.cilium.io",
  "ciliumnodes.cilium.io",
];

const AGENT_NOT_READY_TAINT = "node.cilium.io/agent-not-ready";

/** What a cluster has to hold beyond nodes and Cilium's pods. */
export interface Expected {
  /** Hostnames that must have joined; undefined takes the nodes that are there. */
  readonly nodes?: readonly string[];
  /** Names of further CRDs, of features whose objects come behind the gate. */
  readonly crds?: readonly string[];
  /** GatewayClass that the operator must have accepted. */
  readonly gatewayClass?: string;
}

/**
 * Everything that keeps the cluster from being ready, each line naming the object and the cause;
 * nothing when it is ready. Strict on purpose: Helm's own wait subtracts maxUnavailable and passes
 * with no agent ready on a small cluster. Pure.
 */
export function notReady(snapshot: ClusterSnapshot, expected: Expected): string[] {
  return [
    ...nodeFaults(snapshot, expected.nodes),
    ...daemonSetFaults(snapshot, "cilium", true),
    ...daemonSetFaults(snapshot, "cilium-envoy", false),
    ...operatorFaults(snapshot.deployments),
    ...podFaults(snapshot.pods),
    ...crdFaults(snapshot, expected.crds ?? []),
    ...gatewayClassFaults(snapshot.gatewayClasses, expected.gatewayClass),
    ...snapshot.pendingRequests.map(
      (request) =>
        `certificate request ${request.metadata?.name} of ${request.spec.username ?? "somebody"} is pending: nobody approves ${request.spec.signerName}`,
    ),
  ];
}

function nodeFaults(snapshot: ClusterSnapshot, expected: readonly string[] | undefined): string[] {
  const names = expected ?? snapshot.nodes.map((node) => node.metadata?.name ?? "");
  if (names.length === 0) return ["no node has joined"];
  return names.flatMap((name) => {
    const node = snapshot.nodes.find((candidate) => candidate.metadata?.name === name);
    if (!node) return [`node ${name} has not joined`];
    const reason = nodeFault(node);
    return reason ? [`node ${name} ${reason}`] : [];
  });
}

function nodeFault(node: V1Node): string | undefined {
  const ready = node.status?.conditions?.find((condition) => condition.type === "Ready");
  if (ready?.status !== "True") {
    return `is NotReady: ${ready?.message ?? ready?.reason ?? "it has not reported yet"}`;
  }
  const tainted = node.spec?.taints?.some((taint) => taint.key === AGENT_NOT_READY_TAINT);
  return tainted ? `still has the taint ${AGENT_NOT_READY_TAINT}` : undefined;
}

function daemonSetFaults(snapshot: ClusterSnapshot, name: string, required: boolean): string[] {
  const found = snapshot.daemonSets.find((daemonSet) => daemonSet.metadata?.name === name);
  if (!found) return required ? [`DaemonSet ${name} is not there`] : [];
  return isRolledOut(found)
    ? []
    : [
        `DaemonSet ${name} has ${found.status?.numberReady ?? 0} of ${found.status?.desiredNumberScheduled ?? 0} pods ready, ${found.status?.updatedNumberScheduled ?? 0} of them new`,
      ];
}

function isRolledOut({ metadata, status }: V1DaemonSet): boolean {
  const desired = status?.desiredNumberScheduled ?? 0;
  return (
    (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 1) &&
    desired > 0 &&
    status?.updatedNumberScheduled === desired &&
    status.numberReady === desired &&
    status.numberAvailable === desired
  );
}

function operatorFaults(deployments: readonly V1Deployment[]): string[] {
  const operator = deployments.find((entry) => entry.metadata?.name === "cilium-operator");
  if (!operator) return ["Deployment cilium-operator is not there"];
  const { metadata, spec, status } = operator;
  const wanted = spec?.replicas ?? 1;
  const current = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 1);
  // Not the Available condition: with maxUnavailable 100 % it is True at zero ready pods.
  return current && status?.availableReplicas === wanted && status.updatedReplicas === wanted
    ? []
    : [
        `Deployment cilium-operator has ${status?.availableReplicas ?? 0} of ${wanted} replicas available`,
      ];
}

function podFaults(pods: readonly V1Pod[]): string[] {
  return pods.flatMap((pod) => {
    const reason = podFault(pod);
    return reason ? [`pod ${pod.metadata?.name} ${reason}`] : [];
  });
}

/** Why a pod is not ready, in the words of whoever holds it up. Pure. */
export function podFault({ spec, status }: V1Pod): string | undefined {
  if (status?.conditions?.some((c) => c.type === "Ready" && c.status === "True")) return undefined;
  const where = spec?.nodeName ? ` on ${spec.nodeName}` : "";
  const unscheduled = status?.conditions?.find(
    (condition) => condition.type === "PodScheduled" && condition.status === "False",
  );
  if (unscheduled) return `is not scheduled: ${unscheduled.message ?? unscheduled.reason}`;
  const containers = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ];
  const held = containers.find((container) => container.state?.waiting?.reason);
  if (held) {
    const { reason, message } = held.state!.waiting!;
    return `waits${where} in ${held.name}: ${reason}${message ? ` (${message})` : ""}`;
  }
  const ended = containers.find((container) => container.state?.terminated?.exitCode);
  if (ended) {
    const { exitCode, message } = ended.state!.terminated!;
    return `ended${where} in ${ended.name} with ${exitCode}${message ? ` (${message})` : ""}`;
  }
  return `is not ready${where}: phase ${status?.phase ?? "unknown"}`;
}

function crdFaults(snapshot: ClusterSnapshot, further: readonly string[]): string[] {
  const absent = [...new Set([...REQUIRED_CRDS, ...further])]
    .filter((name) => !snapshot.crds.some((crd) => crd.metadata?.name === name))
    .map((name) => `CRD ${name} is not there: the operator registers it when it runs`);
  const waiting = snapshot.crds
    .filter(
      (crd) =>
        !crd.status?.conditions?.some((c) => c.type === "Established" && c.status === "True"),
    )
    .map((crd) => `CRD ${crd.metadata?.name} is not established`);
  return [...absent, ...waiting];
}

function gatewayClassFaults(
  classes: readonly GatewayClass[],
  expected: string | undefined,
): string[] {
  if (expected === undefined) return [];
  const found = classes.find(({ metadata }) => metadata?.name === expected);
  if (!found) return [`GatewayClass ${expected} is not there`];
  const accepted = found.status?.conditions?.find(({ type }) => type === "Accepted");
  if (accepted?.status === "True") return [];
  const said = accepted?.status === "False" ? accepted.message : undefined;
  return [
    `GatewayClass ${expected} is not accepted: ${said ?? "the operator looks for the CRDs of Gateway API only when it starts; if they came later: kubectl -n kube-system rollout restart deployment/cilium-operator"}`,
  ];
}

/** One short line for people who watch: what is awaited by its number, else by its first fault. Pure. */
export function readiness(
  snapshot: ClusterSnapshot,
  expectedNodes: number,
  [fault]: readonly string[],
): string {
  const ready = snapshot.nodes.filter((node) => !nodeFault(node)).length;
  const nodes = Math.max(expectedNodes, snapshot.nodes.length);
  const { numberReady = 0, desiredNumberScheduled = 0 } =
    snapshot.daemonSets.find((entry) => entry.metadata?.name === "cilium")?.status ?? {};
  const isCounted = ready < nodes || numberReady < desiredNumberScheduled;
  return (
    `${ready}/${nodes} nodes Ready, ${numberReady}/${desiredNumberScheduled} agents ready` +
    (isCounted || fault === undefined ? "" : `, but ${fault}`)
  );
}
