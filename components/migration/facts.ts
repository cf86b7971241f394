import type { V1ConfigMap, V1DaemonSet, V1Node, V1Pod } from "@kubernetes/client-node";

/** Puts a node under the CiliumNodeConfig of the migration, in the words of Cilium's own guide. */
export const MOVED_LABEL = "io.cilium.migration/cilium-default";
/** Whether the node was cordoned before its move began; there only while it is being moved. */
export const CORDONED_BEFORE = "talos-cilium/cordoned-before";
/** UID of the agent that ran before the node was labelled: a later one has read the label. */
export const AGENT_BEFORE = "talos-cilium/agent-before";

/** A live pod with an address of its own. */
export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  /** Undefined until it has one. */
  readonly ip: string | undefined;
  /** Whether nothing would make it again. */
  readonly isBare: boolean;
  /** Whether it comes back to a cordoned node, as every pod of a DaemonSet does. */
  readonly returns: boolean;
  readonly isLeaving: boolean;
}

/** A node as a migration sees it. */
export interface NodeFacts {
  readonly hostname: string;
  readonly isReady: boolean;
  readonly isCordoned: boolean;
  /** Has {@link MOVED_LABEL}. */
  readonly isLabelled: boolean;
  readonly cordonedBefore: boolean | undefined;
  readonly agentBefore: string | undefined;
  readonly agent:
    | { readonly name: string; readonly uid: string; readonly isReady: boolean }
    | undefined;
  readonly pods: readonly PodFacts[];
}

/** A cluster as a migration sees it. */
export interface MigrationFacts {
  readonly nodes: readonly NodeFacts[];
  /** Talos' Flannel, with the network that its pods have addresses from and the port of its VXLAN. */
  readonly flannel: { readonly network: string; readonly port: number } | undefined;
  readonly cilium:
    | {
        readonly ipam: string;
        readonly podSubnets: readonly string[];
        /** Whether agents write a CNI configuration on every node. */
        readonly isCNI: boolean;
      }
    | undefined;
  readonly hasKubeProxy: boolean;
}

/** What {@link migrationFacts} is made of, as the API server has it. */
export interface MigrationObjects {
  readonly nodes: readonly V1Node[];
  readonly pods: readonly V1Pod[];
  /** Of `kube-system`. */
  readonly daemonSets: readonly V1DaemonSet[];
  readonly flannelConfig: V1ConfigMap | undefined;
  readonly ciliumConfig: V1ConfigMap | undefined;
}

/** Linux' own port of VXLAN in Flannel, where its configuration names none. */
const FLANNEL_PORT = 8472;

/** Pure. */
export function migrationFacts(objects: MigrationObjects): MigrationFacts {
  const has = (name: string) => objects.daemonSets.some(({ metadata }) => metadata?.name === name);
  const network = parsed(objects.flannelConfig?.data?.["net-conf.json"]);
  const config = objects.ciliumConfig?.data;
  return {
    nodes: objects.nodes.map((node) => nodeFacts(node, objects.pods)),
    flannel: has("kube-flannel")
      ? { network: network.Network ?? "", port: network.Backend?.Port ?? FLANNEL_PORT }
      : undefined,
    cilium: has("cilium")
      ? {
          ipam: config?.["ipam"] ?? "",
          podSubnets: (config?.["cluster-pool-ipv4-cidr"] ?? "").split(/[ ,]+/).filter(Boolean),
          isCNI: config?.["custom-cni-conf"] !== "true",
        }
      : undefined,
    hasKubeProxy: has("kube-proxy"),
  };
}

/** @param pods of the whole cluster, or of this node. Pure. */
export function nodeFacts({ metadata, spec, status }: V1Node, pods: readonly V1Pod[]): NodeFacts {
  const hostname = metadata?.name ?? "";
  const note = (key: string) => metadata?.annotations?.[key];
  const here = pods.filter((pod) => pod.spec?.nodeName === hostname);
  const agent = here.find(
    (pod) =>
      pod.metadata?.labels?.["k8s-app"] === "cilium" &&
      !pod.metadata.deletionTimestamp &&
      isLive(pod),
  );
  return {
    hostname,
    isReady: isTrue(status?.conditions, "Ready"),
    isCordoned: spec?.unschedulable === true,
    isLabelled: metadata?.labels?.[MOVED_LABEL] === "true",
    cordonedBefore:
      note(CORDONED_BEFORE) === undefined ? undefined : note(CORDONED_BEFORE) === "true",
    agentBefore: note(AGENT_BEFORE),
    agent: agent && {
      name: agent.metadata?.name ?? "",
      uid: agent.metadata?.uid ?? "",
      isReady: isTrue(agent.status?.conditions, "Ready"),
    },
    pods: here
      .filter((pod) => isLive(pod) && !pod.spec?.hostNetwork && !isMirror(pod))
      .map(podFacts),
  };
}

function podFacts({ metadata, spec, status }: V1Pod): PodFacts {
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    ip: status?.podIP,
    isBare: (metadata?.ownerReferences ?? []).length === 0,
    returns: (spec?.tolerations ?? []).some(
      ({ key, operator, effect }) =>
        (key === "node.kubernetes.io/unschedulable" || (!key && operator === "Exists")) &&
        (!effect || effect === "NoSchedule"),
    ),
    isLeaving: metadata?.deletionTimestamp !== undefined,
  };
}

function isLive({ status }: V1Pod): boolean {
  return status?.phase !== "Succeeded" && status?.phase !== "Failed";
}

function isMirror({ metadata }: V1Pod): boolean {
  return metadata?.annotations?.["kubernetes.io/config.mirror"] !== undefined;
}

function isTrue(conditions: readonly { type: string; status: string }[] | undefined, type: string) {
  return (conditions ?? []).some((each) => each.type === type && each.status === "True");
}

function parsed(text: string | undefined): { Network?: string; Backend?: { Port?: number } } {
  try {
    return JSON.parse(text ?? "{}") as object;
  } catch {
    return {};
  }
}
