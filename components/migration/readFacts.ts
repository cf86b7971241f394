import type { V1ConfigMap, V1DaemonSet, V1Node, V1Pod } from "@kubernetes/client-node";

import type { ClusterApi } from "../gates/clusterApi";
import { type MigrationFacts, migrationFacts, type NodeFacts, nodeFacts } from "./facts";

const KUBE_SYSTEM = "/api/v1/namespaces/kube-system";

/** A cluster on its way, as it is now. */
export async function readFacts(api: ClusterApi): Promise<MigrationFacts> {
  const configMap = (name: string) => api.get<V1ConfigMap>(`${KUBE_SYSTEM}/configmaps/${name}`);
  const [nodes, pods, daemonSets, flannelConfig, ciliumConfig] = await Promise.all([
    api.list<V1Node>("/api/v1/nodes"),
    api.list<V1Pod>("/api/v1/pods"),
    api.list<V1DaemonSet>("/apis/apps/v1/namespaces/kube-system/daemonsets"),
    configMap("kube-flannel-cfg"),
    configMap("cilium-config"),
  ]);
  return migrationFacts({ nodes, pods, daemonSets, flannelConfig, ciliumConfig });
}

/** One node of it; undefined where there is none of this name. */
export async function readNode(api: ClusterApi, hostname: string): Promise<NodeFacts | undefined> {
  const [node, pods] = await Promise.all([
    api.get<V1Node>(`/api/v1/nodes/${hostname}`),
    api.list<V1Pod>(`/api/v1/pods?fieldSelector=spec.nodeName%3D${hostname}`),
  ]);
  return node && nodeFacts(node, pods);
}
