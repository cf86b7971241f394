import { hasReached } from "../spec/cilium/migration";
import type { PatchBuilder } from "./patchBuilder";

/**
 * Networks of the cluster, and no CNI of Talos' own: Cilium is installed behind the first gate. A
 * cluster that moves from Flannel keeps it until its nodes do.
 */
export const clusterNetworkPatch: PatchBuilder = (spec) => ({
  cluster: {
    network: {
      cni: { name: hasReached("nodes", spec.cilium.migration) ? "none" : "flannel" },
      dnsDomain: spec.dnsDomain,
      podSubnets: spec.podSubnets,
      serviceSubnets: spec.serviceSubnets,
    },
  },
});
