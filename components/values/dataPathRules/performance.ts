import type { ChartValues } from "../chartValues";
import type { DataPathRule } from "./dataPathRule";
import { encryption, get, isTrue, on, routesByEbpf, routesNatively, usesNetkit } from "./facts";

const BIG_TCP = {
  id: "big-tcp",
  askedBy: ["enableIPv4BIGTCP", "enableIPv6BIGTCP"],
  input: "datapath.bigTCP",
} as const;

/** BBR, netkit and BIG TCP. */
export const performanceRules: readonly DataPathRule[] = [
  {
    id: "bbr-bandwidth-manager",
    path: "bandwidthManager.bbr",
    breaks: (values) =>
      on(values, "bandwidthManager.bbr") && !on(values, "bandwidthManager.enabled"),
    reason: "BBR is a part of the bandwidth manager, and the chart drops it while that is off",
    fix: "set bandwidthManager.enabled to true",
  },
  {
    id: "bbr-host-routing",
    path: "bandwidthManager.bbr",
    input: "bandwidthManager.bbr",
    breaks: (values) =>
      on(values, "bandwidthManager.enabled") &&
      on(values, "bandwidthManager.bbr") &&
      !on(values, "bandwidthManager.bbrHostNamespaceOnly") &&
      !routesByEbpf(values),
    reason: "no agent starts with BBR for pods while packets pass the host's stack",
    fix: "set datapath.hostRouting to ebpf, or bbrHostNamespaceOnly to true",
  },
  {
    id: "netkit-host-routing",
    warns: true,
    path: "bpf.datapathMode",
    input: "datapath.mode",
    breaks: (values) => usesNetkit(values) && !routesByEbpf(values),
    reason: "netkit gains nothing while packets pass the host's stack",
    fix: "set datapath.hostRouting to ebpf, or leave the mode at veth",
  },
  {
    id: "netkit-tproxy",
    path: "bpf.tproxy",
    breaks: (values, { minor }) => minor < 19 && usesNetkit(values) && on(values, "bpf.tproxy"),
    reason: "the transparent proxy does not work with netkit",
    fix: "remove it, or leave the mode at veth",
  },
  {
    ...BIG_TCP,
    path: "routingMode",
    breaks: (values) =>
      usesBigTcp(values) && !routesNatively(values) && !on(values, "enableTunnelBIGTCP"),
    reason: "no agent starts with BIG TCP through tunnels",
    fix: "set routing.mode to native",
  },
  {
    ...BIG_TCP,
    path: "encryption.type",
    breaks: (values, { minor }) =>
      usesBigTcp(values) &&
      (encryption(values) === "ipsec" || (minor < 19 && encryption(values) === "wireguard")),
    reason: "no agent starts with BIG TCP and IPsec, and before Cilium 1.19 with any encryption",
    fix: "leave one of the two out",
  },
  {
    ...BIG_TCP,
    path: "bpf.hostLegacyRouting",
    breaks: (values) => usesBigTcp(values) && !routesByEbpf(values),
    reason: "no agent starts with BIG TCP while packets pass the host's stack",
    fix: "set datapath.hostRouting to ebpf",
  },
  {
    ...BIG_TCP,
    input: "datapath.bigTCP.ipv6",
    path: "enableIPv6BIGTCP",
    breaks: (values) => on(values, "enableIPv6BIGTCP") && !isTrue(values, "ipv6.enabled"),
    reason: "the pods have no IPv6 (the value ipv6.enabled is off)",
    fix: "set it to false, or give the cluster IPv6",
  },
];

function usesBigTcp(values: ChartValues): boolean {
  return get(values, "enableIPv4BIGTCP") === true || get(values, "enableIPv6BIGTCP") === true;
}
