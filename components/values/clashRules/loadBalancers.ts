import { durationSeconds } from "../../spec/duration";
import type { ChartValues } from "../chartValues";
import { type ClashRule, either, get, given, on, replacesKubeProxy } from "./clashRule";

const LEASE = {
  leaseDuration: "15s",
  leaseRenewDeadline: "5s",
  leaseRetryPeriod: "2s",
} as const;

/** Addresses of Services: who gives them out, and who announces them. */
export const loadBalancerRules: readonly ClashRule[] = [
  {
    id: "l2-without-replacement",
    silenceable: true,
    typed: true,
    path: "l2announcements.enabled",
    breaks: (values) => on(values, "l2announcements.enabled") && !replacesKubeProxy(values),
    reason: "agents answer for addresses of services that they program, which kube-proxy does here",
    fix: "set kubeProxyReplacement to true, and kubeProxy of the cluster to false",
  },
  {
    id: "l2-without-ipv4",
    silenceable: true,
    typed: true,
    path: "l2announcements.enabled",
    breaks: (values, { minor }) =>
      minor < 19 && on(values, "l2announcements.enabled") && get(values, "ipv4.enabled") === false,
    reason: "before Cilium 1.19 only IPv4 addresses are announced, and IPv4 is off",
    fix: "use Cilium 1.19 or newer, or bgpControlPlane",
  },
  {
    id: "l2-lease-order",
    typed: true,
    path: "l2announcements.leaseRenewDeadline",
    breaks: (values) => {
      if (!on(values, "l2announcements.enabled")) return false;
      const [duration, deadline, retry] = Object.entries(LEASE).map(([key, unset]) =>
        seconds(values, `l2announcements.${key}`, unset),
      ) as [number, number, number];
      return !(duration > deadline && deadline > retry * 1.2);
    },
    reason:
      "an elected node renews its lease in time only where leaseDuration is longer than leaseRenewDeadline, and that longer than 1.2 times leaseRetryPeriod",
    fix: "remove the three for 15s, 5s and 2s, or set them in this order",
  },
  {
    id: "l2-local-traffic",
    warns: true,
    typed: true,
    path: "l2announcements.enabled",
    breaks: (values) =>
      on(values, "l2announcements.enabled") &&
      ((on(values, "gatewayAPI.enabled") &&
        get(values, "gatewayAPI.externalTrafficPolicy") === "Local") ||
        (on(values, "ingressController.enabled") &&
          get(values, "ingressController.service.externalTrafficPolicy") === "Local")),
    reason:
      "with externalTrafficPolicy Local traffic is dropped where the node that was elected has no backend",
    fix: "set the externalTrafficPolicy of gatewayAPI or ingressController to Cluster",
  },
  {
    id: "default-lb-ipam-off",
    silenceable: true,
    path: "defaultLBServiceIPAM",
    breaks: (values) =>
      get(values, "enableLBIPAM") === false && get(values, "defaultLBServiceIPAM") === "lbipam",
    reason: "Services would wait for addresses of pools, which enableLBIPAM switches off",
    fix: "set enableLBIPAM to true, or defaultLBServiceIPAM to nodeipam or none",
  },
  {
    id: "node-ipam-off",
    silenceable: true,
    path: "defaultLBServiceIPAM",
    breaks: (values) =>
      get(values, "defaultLBServiceIPAM") === "nodeipam" && !on(values, "nodeIPAM.enabled"),
    reason: "Services would wait for addresses of nodes, which nodeIPAM gives out, and it is off",
    fix: "set nodeIPAM.enabled to true, or defaultLBServiceIPAM to lbipam",
  },
  {
    id: "bgp-router-id-pool",
    silenceable: true,
    path: "bgpControlPlane.routerIDAllocation.ipPool",
    breaks: (values) =>
      on(values, "bgpControlPlane.enabled") &&
      get(values, "bgpControlPlane.routerIDAllocation.mode") === "ip-pool" &&
      !given(values, "bgpControlPlane.routerIDAllocation.ipPool"),
    reason: "router ids shall come from a pool, and there is none",
    fix: "set a network in CIDR notation, or the mode to default",
  },
  {
    id: "bgp-router-id-ipv6",
    warns: true,
    typed: true,
    path: "bgpControlPlane.routerIDAllocation.mode",
    breaks: (values) =>
      on(values, "bgpControlPlane.enabled") &&
      get(values, "ipv4.enabled") === false &&
      either(values, "bgpControlPlane.routerIDAllocation.mode", "default") === "default",
    reason: "a node without an IPv4 address has none to take as its router id",
    fix: "set the mode to ip-pool and an ipPool, or a routerID for each node in a CiliumBGPNodeConfigOverride",
  },
];

/** A text that is no duration is the chart's to refuse. */
function seconds(values: ChartValues, path: string, unset: string): number {
  try {
    return durationSeconds(String(get(values, path) ?? unset));
  } catch {
    return Number.NaN;
  }
}
