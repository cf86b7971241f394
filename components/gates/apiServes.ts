import { ClusterApi } from "./clusterApi";
import { poll, progressOf } from "./poll";

/**
 * Waits until the API server answers `/readyz`. Nodes may be NotReady: without a CNI they must be.
 *
 * @throws after `giveUpAfter` seconds, with what the server last said and where to look.
 */
export async function untilApiServes(kubeconfig: string, giveUpAfter: number): Promise<void> {
  const api = await ClusterApi.connect(kubeconfig);
  await poll({
    giveUpAfter,
    interval: 250,
    progress: progressOf("waiting for the API server"),
    attempt: async () => {
      try {
        await api.text("/readyz");
        return { done: true };
      } catch (error) {
        const state = apiState(error);
        return { done: false, state, failure: () => apiNeverServed(state) };
      }
    },
  });
}

/** One short line about why the API server is not ready. */
export function apiState(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === "ECONNREFUSED") return "nothing listens yet (connection refused)";
  return message ?? code ?? String(error);
}

/** The message for an API server that never served. Pure. */
export function apiNeverServed(state: string): string {
  return (
    `the API server does not serve: ${state}. Look at the first control plane with ` +
    "`talosctl service etcd`, `talosctl containers -k` and `talosctl logs kubelet`; " +
    "check that clusterEndpoint leads to a control plane. The next `pulumi up` goes on from here"
  );
}
