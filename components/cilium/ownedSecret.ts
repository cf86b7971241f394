import type { V1Secret } from "@kubernetes/client-node";

import { ClusterApi } from "../gates/clusterApi";

/** The release's namespace. */
export const NAMESPACE = "kube-system";
/** Tells our Secrets from those of a Cilium that somebody else installed. */
export const OWNED = { "app.kubernetes.io/managed-by": "talos-cilium" };

/** Whether a Secret of this name is there and is one of ours. */
export async function isOwned(kubeconfig: string, secretName: string): Promise<boolean> {
  const api = await ClusterApi.connect(kubeconfig);
  const found = await api.get<V1Secret>(`/api/v1/namespaces/${NAMESPACE}/secrets/${secretName}`);
  return Object.entries(OWNED).every(([key, value]) => found?.metadata?.labels?.[key] === value);
}
