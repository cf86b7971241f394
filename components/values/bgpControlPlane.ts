import type { ChartValues } from "./chartValues";
import type { CiliumFeatures } from "./features";

/** BGP; passwords are read where Talos has a namespace for it already. */
export function bgpControlPlaneValues({
  features,
}: {
  readonly features?: CiliumFeatures;
}): ChartValues {
  const bgp = features?.bgpControlPlane;
  if (!bgp) return {};
  return {
    bgpControlPlane: {
      enabled: true,
      secretsNamespace: { create: false, name: "kube-system" },
      ...(bgp.routerIDPool !== undefined && {
        routerIDAllocation: { mode: "ip-pool", ipPool: bgp.routerIDPool },
      }),
    },
  };
}
