/** What goes wrong on purpose; lists are read anew at every decision. */
export interface ClusterFaults {
  /** Hostnames on which the Cilium agent runs but never gets ready. */
  agentNeverReady: string[];
  /** Parts of image references that cannot be pulled. */
  imagePullBackOff: string[];
  /** The stand-in of Cilium's operator does nothing, so its CRDs never come. */
  operatorIdle: boolean;
}

export function noFaults(): ClusterFaults {
  return { agentNeverReady: [], imagePullBackOff: [], operatorIdle: false };
}
