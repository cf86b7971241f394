import type { NamespaceApi } from "./testNamespaces";

/** The namespaces of the cluster that a kubeconfig leads to. The library is slow to load. */
export async function clusterNamespaces(kubeconfig: string): Promise<NamespaceApi> {
  const { ApiException, CoreV1Api, KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const unlessMissing = (error: unknown): undefined => {
    if (error instanceof ApiException && error.code === 404) return undefined;
    throw error;
  };
  return {
    read: (name) => api.readNamespace({ name }).catch(unlessMissing),
    create: async (namespace) => void (await api.createNamespace({ body: namespace })),
    remove: async (name) => void (await api.deleteNamespace({ name }).catch(unlessMissing)),
  };
}
