import type { IpFamily } from "../spec/cidr";
import type { Routing } from "../spec/cilium/routing";
import type { ChartValues } from "./chartValues";
import { onlyNetwork } from "./podNetworks";

/**
 * How packets find the pods of other nodes. Native routing is told which network not to masquerade:
 * without one the chart's own check is silent, and pods lose their addresses between nodes.
 */
export function routingValues(input: {
  readonly routing?: Routing;
  /** What pods get their addresses from. */
  readonly podNetworks?: readonly string[];
  readonly kubeSpan?: { readonly mtu: number };
}): ChartValues {
  const { routing = {}, podNetworks = [], kubeSpan } = input;
  const { mode, tunnelProtocol, directRoutingSkipUnreachable, mtu } = routing;
  const isNative = mode === "native";
  const network = (family: IpFamily) => (isNative ? onlyNetwork(podNetworks, family) : undefined);
  return known({
    routingMode: mode,
    tunnelProtocol,
    ipv4NativeRoutingCIDR: routing.ipv4NativeRoutingCIDR ?? network("IPv4"),
    ipv6NativeRoutingCIDR: routing.ipv6NativeRoutingCIDR ?? network("IPv6"),
    autoDirectNodeRoutes: routing.autoDirectNodeRoutes ?? (isNative ? true : undefined),
    directRoutingSkipUnreachable,
    // Agents take the MTU of the device, and know nothing of the mesh that packets go through.
    MTU: mtu ?? kubeSpan?.mtu,
  });
}

function known(values: ChartValues): ChartValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
