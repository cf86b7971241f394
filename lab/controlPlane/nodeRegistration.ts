import type { OutgoingHttpHeaders } from "node:http";
import type { ConfiguredNode } from "../nodes/clusterRuntime";
import {
  asKubelet,
  isConflict,
  isForbidden,
  isNotFound,
  type KubernetesApi,
  type KubernetesObject,
} from "./kubernetesApi";
import type { NodeFacts } from "./clusterFacts";
import {
  kubeletConditions,
  mergeTaints,
  type NodeCondition,
  nodeStatus,
  registeredIdentity,
  type Taint,
  talosIdentity,
} from "./nodeObject";
import { timestamp } from "./timestamp";

export interface NodeResource extends KubernetesObject {
  spec: { podCIDR?: string; taints?: Taint[] };
  status?: { conditions?: NodeCondition[] };
}

const LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
export const LEASE_SECONDS = 40;

/** Makes the Node, where it is not there, as its kubelet does. */
export async function registerNode(api: KubernetesApi, facts: NodeFacts): Promise<NodeResource> {
  const { hostname } = facts.node;
  const { labels, taints, annotations } = registeredIdentity(facts.node);
  let node: NodeResource;
  try {
    node = await api.create<NodeResource>("/api/v1/nodes", {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: hostname, labels, annotations },
      spec: { taints },
    });
  } catch (error) {
    if (!isConflict(error)) {
      throw error;
    }
    node = await api.get<NodeResource>(pathOf(hostname));
  }
  await writeNodeStatus(api, facts, node.status?.conditions ?? []);
  await renewLease(api, hostname);
  return node;
}

/**
 * Labels, taints and annotations of the machine's configuration: owned ones that it no longer names go away,
 * all others stay. Talos writes a control plane's as an administrator and a worker's as its kubelet.
 *
 * @returns why the API server refuses them
 */
export async function writeTalosIdentity(
  api: KubernetesApi,
  node: ConfiguredNode,
): Promise<string | undefined> {
  const path = pathOf(node.hostname);
  const { labels, taints, annotations } = talosIdentity(node);
  for (;;) {
    const current = await api.get<NodeResource>(path);
    const owned = (annotation: string) =>
      JSON.parse(current.metadata.annotations?.[annotation] ?? "[]") as string[];
    const gone = owned("talos.dev/owned-labels").filter((label) => !(label in labels));
    const wanted = {
      metadata: {
        resourceVersion: current.metadata.resourceVersion,
        labels: { ...labels, ...Object.fromEntries(gone.map((label) => [label, null])) },
        annotations,
      },
      spec: {
        taints: mergeTaints(current.spec.taints ?? [], owned("talos.dev/owned-taints"), taints),
      },
    };
    try {
      await api.patch(path, wanted, "merge", writerOf(node));
      return undefined;
    } catch (error) {
      if (isForbidden(error)) {
        return String(error);
      }
      if (!isConflict(error)) {
        throw error;
      }
    }
  }
}

function pathOf(hostname: string): string {
  return `/api/v1/nodes/${hostname}`;
}

function writerOf({ machineType, hostname }: ConfiguredNode): OutgoingHttpHeaders {
  return machineType === "controlplane" ? {} : asKubelet(hostname);
}

/** Writes addresses, resources and the kubelet's conditions. */
export async function writeNodeStatus(
  api: KubernetesApi,
  facts: NodeFacts,
  previous: readonly NodeCondition[],
): Promise<void> {
  await api.patch(
    `${pathOf(facts.node.hostname)}/status`,
    {
      status: {
        ...nodeStatus(facts.node),
        conditions: kubeletConditions({
          cniConfigured: facts.cni !== undefined,
          now: timestamp(),
          previous,
        }),
      },
    },
    "strategic",
  );
}

/** The kubelet's heartbeat. */
export async function renewLease(api: KubernetesApi, hostname: string): Promise<void> {
  const spec = {
    holderIdentity: hostname,
    leaseDurationSeconds: LEASE_SECONDS,
    renewTime: new Date().toISOString().replace("Z", "000Z"),
  };
  try {
    await api.patch(`${LEASES}/${hostname}`, { spec });
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    await api.create(LEASES, {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: hostname, namespace: "kube-node-lease" },
      spec,
    });
  }
}
