import { ClusterApi } from "../gates/clusterApi";

/** The release's namespace. */
export const NAMESPACE = "kube-system";
/** Tells our Secrets from those of a Cilium that somebody else installed. */
export const OWNED = { "app.kubernetes.io/managed-by": "talos-cilium" };

/** Whether a Secret of this name is there and is one of ours. */
export async function isOwned(kubeconfig: string, secretName: string): Promise<boolean> {
  return isOwnedAt(kubeconfig, `/api/v1/namespaces/${NAMESPACE}/secrets/${secretName}`);
}

/** Whether there is an object at this path of the API, and it is one of ours. */
export async function isOwnedAt(kubeconfig: string, path: string): Promise<boolean> {
  const found = await (await ClusterApi.connect(kubeconfig)).metadata(path);
  return Object.entries(OWNED).every(([key, value]) => found?.labels?.[key] === value);
}
