import type { ClusterSpecInput } from "pulumi-talos-cilium";

/** What every environment shares; a stack file holds what it has of its own, and wins. */
export const platform = {
  talosVersion: "v1.13.0", // renovate: datasource=github-releases depName=siderolabs/talos
  configContract: "v1.13",
  allowSchedulingOnControlPlanes: true,
  cilium: {
    version: "1.20.0", // renovate: datasource=helm depName=cilium registryUrl=https://helm.cilium.io
    hubble: { enabled: true },
  },
} satisfies Partial<ClusterSpecInput>;
