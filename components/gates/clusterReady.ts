import { ClusterApi } from "./clusterApi";
import { type ClusterSnapshot, takeSnapshot } from "./clusterSnapshot";
import { type Expected, notReady, readiness } from "./notReady";
import { poll, progressOf } from "./poll";

/** What keeps a cluster from being ready, each line naming the object and the cause. */
export type FaultsOf = (
  snapshot: ClusterSnapshot,
  expected: Expected,
  api: ClusterApi,
) => readonly string[] | Promise<readonly string[]>;

/** What {@link FaultsOf} throws where no waiting cures them: the gate gives up at once. */
export class LastingFaults extends Error {
  constructor(readonly faults: readonly string[]) {
    super(clusterNotReady(faults));
  }
}

/**
 * Waits until Cilium is rolled out on every node, its CRDs are established and every node is Ready.
 *
 * @param faultsOf what keeps the cluster from it; another question may be asked instead.
 * @throws {LastingFaults} at once; after `giveUpAfter` seconds, naming each node, pod, CRD and certificate request that holds it up.
 */
export async function untilClusterReady(
  kubeconfig: string,
  expected: Expected,
  giveUpAfter: number,
  faultsOf: FaultsOf = notReady,
): Promise<void> {
  const api = await ClusterApi.connect(kubeconfig);
  await poll({
    giveUpAfter,
    progress: progressOf("waiting for the cluster"),
    attempt: async () => {
      try {
        const snapshot = await takeSnapshot(api, expected.gatewayClass !== undefined);
        const faults = await faultsOf(snapshot, expected, api);
        if (faults.length === 0) return { done: true };
        return {
          done: false,
          state: readiness(snapshot, expected.nodes?.length ?? 0, faults),
          failure: () => clusterNotReady(faults),
        };
      } catch (error) {
        if (error instanceof LastingFaults) throw error;
        const state = `the API server fails: ${(error as Error).message}`;
        return { done: false, state, failure: () => clusterNotReady([state]) };
      }
    },
  });
}

/** The message that the gate gives up with. Pure. */
export function clusterNotReady(faults: readonly string[]): string {
  return (
    "the cluster is not ready:\n" +
    faults.map((fault) => `  - ${fault}\n`).join("") +
    "Cure what is named, then run `pulumi up` again: it goes on from here"
  );
}
