import type { ChartValues } from "../chartValues";
import { either, get, given, on, type RenderRule } from "./renderRule";

/** IPAM and how packets find their node. */
export const routingRules: readonly RenderRule[] = [
  {
    path: "eni.enabled",
    since: 20,
    breaks: (values) => get(values, "ipam.mode") === "eni" && !on(values, "eni.enabled"),
    reason: "ipam.mode is eni",
    fix: "set it to true, or ipam.mode to kubernetes",
  },
  {
    path: "routingMode",
    since: 14,
    breaks: (values) =>
      on(values, "gke.enabled")
        ? isOtherMode(values, "native")
        : on(values, "aksbyocni.enabled") && isOtherMode(values, "tunnel"),
    reason: "GKE routes natively, and AKS with a CNI of one's own through tunnels",
    fix: "remove it, and gke.enabled and aksbyocni.enabled too where the machines run Talos",
  },
  {
    path: "ipv4NativeRoutingCIDR",
    since: 18,
    breaks: (values) =>
      get(values, "routingMode") === "native" &&
      on(values, "ipv4.enabled", true) &&
      on(values, "enableIPv4Masquerade") &&
      !on(values, "ipMasqAgent.enabled") &&
      !routesItself(values) &&
      !isTakenFromPool(values) &&
      !given(values, "ipv4NativeRoutingCIDR"),
    reason: "native routing with masquerading has to know where not to masquerade",
    fix: "set it to the pod network, or to what routes it",
  },
  {
    path: "ipv6NativeRoutingCIDR",
    since: 18,
    breaks: (values) =>
      get(values, "routingMode") === "native" &&
      on(values, "ipv6.enabled") &&
      on(values, "enableIPv6Masquerade", true) &&
      !on(values, "ipMasqAgent.enabled") &&
      !isTakenFromPool(values) &&
      !given(values, "ipv6NativeRoutingCIDR"),
    reason: "native routing with masquerading has to know where not to masquerade",
    fix: "set it to the IPv6 pod network, or to what routes it",
  },
  ...[4, 6].map((family): RenderRule => {
    const pools = `ipam.operator.clusterPoolIPv${family}PodCIDRList`;
    const cidr = `ipv${family}NativeRoutingCIDR`;
    return {
      path: pools,
      since: 20,
      breaks: (values) =>
        isTakenFromPool(values) &&
        on(values, `ipv${family}.enabled`, family === 4) &&
        !given(values, cidr) &&
        lengthOf(either(values, pools, ["the chart's own"])) !== 1,
      reason: "nativeRoutingCIDRFromClusterPool can take only one network from the pool",
      fix: `set ${cidr}`,
    };
  }),
];

function isOtherMode(values: ChartValues, mode: string): boolean {
  return given(values, "routingMode") && get(values, "routingMode") !== mode;
}

function routesItself(values: ChartValues): boolean {
  return (
    on(values, "eni.enabled") || ["eni", "alibabacloud"].includes(String(get(values, "ipam.mode")))
  );
}

/** Whether native routing's networks come from the pools; with another IPAM the chart reads none. */
export function isTakenFromPool(values: ChartValues): boolean {
  return (
    on(values, "nativeRoutingCIDRFromClusterPool") &&
    !on(values, "eni.enabled") &&
    either(values, "ipam.mode", "cluster-pool") === "cluster-pool"
  );
}

function lengthOf(pools: unknown): number {
  return (Array.isArray(pools) ? pools : String(pools).split(" ")).length;
}
