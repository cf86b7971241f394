import type { V1Namespace } from "@kubernetes/client-node";

import { ClusterApi, unless } from "../../components/gates/clusterApi";
import type { NamespaceApi } from "./testNamespaces";

const NAMESPACES = "/api/v1/namespaces";

/** The namespaces of the cluster that a kubeconfig leads to. */
export async function clusterNamespaces(kubeconfig: string): Promise<NamespaceApi> {
  const api = await ClusterApi.connect(kubeconfig);
  return {
    read: (name) => api.get<V1Namespace>(`${NAMESPACES}/${name}`),
    create: (namespace) => api.create(NAMESPACES, namespace),
    remove: async (name) => void (await unless([404], api.delete(`${NAMESPACES}/${name}`))),
  };
}
