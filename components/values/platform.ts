import { parseCidr } from "../spec/cidr";
import type { ChartValues } from "./chartValues";
import { mandatoryValues, recommendedValues } from "./talos";

/** What the machines of a cluster run. */
export type Platform = "talos" | "k3s" | "generic";

/** What a platform asks of the chart. */
export interface PlatformValues {
  /** Without them Cilium does not start; they survive what stands above them. */
  readonly mandatory: ChartValues;
  readonly recommended: ChartValues;
  /** Where agents reach the API server on each node, unless told otherwise. */
  readonly apiServer?: { readonly k8sServiceHost: string; readonly k8sServicePort: number };
  /** Networks of the pods, unless told otherwise. */
  readonly podSubnets?: readonly string[];
}

/** K3s' own: `--cluster-cidr` where it is not given. */
const K3S_POD_SUBNETS = ["10.42.0.0/16"];

/**
 * One row for each platform: Talos has limits of its own and gives each node its network, K3s has
 * its proxy to the API on each node, and of any other nothing is known.
 *
 * @param podSubnets where they are known; Cilium gives them out itself beyond Talos
 */
export function platformValues(
  platform: Platform = "talos",
  podSubnets?: readonly string[],
): PlatformValues {
  switch (platform) {
    case "talos":
      return { mandatory: mandatoryValues, recommended: recommendedValues };
    case "k3s":
      return {
        mandatory: {},
        recommended: clusterPool(podSubnets ?? K3S_POD_SUBNETS),
        apiServer: { k8sServiceHost: "127.0.0.1", k8sServicePort: 6444 },
        podSubnets: K3S_POD_SUBNETS,
      };
    case "generic":
      return { mandatory: {}, recommended: podSubnets ? clusterPool(podSubnets) : {} };
  }
}

/** How much longer than its pool's prefix an IPv6 node's may be: the operator starts with no more. */
const MOST_IPV6_BITS = 16;
/** The chart's own length of an IPv6 node's prefix. */
const IPV6_MASK_SIZE = 120;

/** Cilium's operator gives each node a part of these, and agents serve their families. */
function clusterPool(podSubnets: readonly string[]): ChartValues {
  const of = (family: "IPv4" | "IPv6") =>
    podSubnets.filter((subnet) => parseCidr(subnet)?.family === family);
  const [v4, v6] = [of("IPv4"), of("IPv6")];
  const shortest = Math.min(...v6.map((subnet) => parseCidr(subnet)!.prefix));
  const maskSize = shortest + MOST_IPV6_BITS;
  return {
    ...(v6.length > 0 && { ipv6: { enabled: true } }),
    ...(v6.length > 0 && v4.length === 0 && { ipv4: { enabled: false } }),
    ipam: {
      mode: "cluster-pool",
      operator: {
        ...(v4.length > 0 && { clusterPoolIPv4PodCIDRList: v4 }),
        ...(v6.length > 0 && { clusterPoolIPv6PodCIDRList: v6 }),
        ...(maskSize < IPV6_MASK_SIZE && { clusterPoolIPv6MaskSize: maskSize }),
      },
    },
  };
}
