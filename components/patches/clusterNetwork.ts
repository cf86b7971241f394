import type { PatchBuilder } from "./patchBuilder";

/** Networks of the cluster, and no CNI of Talos' own: Cilium is installed behind the first gate. */
export const clusterNetworkPatch: PatchBuilder = (spec) => ({
  cluster: {
    network: {
      cni: { name: "none" },
      dnsDomain: spec.dnsDomain,
      podSubnets: spec.podSubnets,
      serviceSubnets: spec.serviceSubnets,
    },
  },
});
