import type { LoadBalancer } from "../spec/cilium/loadBalancer";
import type { ChartValues } from "./chartValues";

/** How services are balanced. Only templates know some of these keys. */
export function loadBalancerValues(input: { readonly loadBalancer?: LoadBalancer }): ChartValues {
  if (!input.loadBalancer) return {};
  const { maglevTableSize, ...given } = input.loadBalancer;
  const loadBalancer = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    ...(loadBalancer.length > 0 && { loadBalancer: Object.fromEntries(loadBalancer) }),
    ...(maglevTableSize !== undefined && { maglev: { tableSize: maglevTableSize } }),
  };
}
