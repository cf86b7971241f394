import { isConflict, isNotFound, type KubernetesApi, type KubernetesObject } from "./kubernetesApi";
import type { NodeFacts } from "./clusterFacts";
import {
  kubeletConditions,
  mergeTaints,
  type NodeCondition,
  nodeIdentity,
  nodeStatus,
  type Taint,
} from "./nodeObject";
import { timestamp } from "./timestamp";

export interface NodeResource extends KubernetesObject {
  spec: { podCIDR?: string; taints?: Taint[] };
  status?: { conditions?: NodeCondition[] };
}

const LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
export const LEASE_SECONDS = 40;

/** Makes the Node, or brings labels, taints and annotations of an existing one up to date. */
export async function registerNode(api: KubernetesApi, facts: NodeFacts): Promise<NodeResource> {
  const { hostname } = facts.node;
  const path = `/api/v1/nodes/${hostname}`;
  const { labels, taints, annotations } = nodeIdentity(facts.node);
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
    node = await updateIdentity(api, path, facts);
  }
  await writeNodeStatus(api, facts, node.status?.conditions ?? []);
  await renewLease(api, hostname);
  return node;
}

/** Owned labels and taints that the configuration no longer names go away; all others stay. */
async function updateIdentity(
  api: KubernetesApi,
  path: string,
  facts: NodeFacts,
): Promise<NodeResource> {
  for (;;) {
    const current = await api.get<NodeResource>(path);
    const { labels, taints, annotations } = nodeIdentity(facts.node);
    const owned = (annotation: string) =>
      JSON.parse(current.metadata.annotations?.[annotation] ?? "[]") as string[];
    const gone = owned("talos.dev/owned-labels").filter((label) => !(label in labels));
    try {
      return await api.patch<NodeResource>(path, {
        metadata: {
          resourceVersion: current.metadata.resourceVersion,
          labels: { ...labels, ...Object.fromEntries(gone.map((label) => [label, null])) },
          annotations,
        },
        spec: {
          taints: mergeTaints(current.spec.taints ?? [], owned("talos.dev/owned-taints"), taints),
        },
      });
    } catch (error) {
      if (!isConflict(error)) {
        throw error;
      }
    }
  }
}

/** Writes addresses, resources and the kubelet's conditions. */
export async function writeNodeStatus(
  api: KubernetesApi,
  facts: NodeFacts,
  previous: readonly NodeCondition[],
): Promise<void> {
  await api.patch(
    `/api/v1/nodes/${facts.node.hostname}/status`,
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
