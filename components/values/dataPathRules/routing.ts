import { parseCidr, contains } from "../../spec/cidr";
import { isTakenFromPool } from "../renderRules/routing";
import type { DataPathRule } from "./dataPathRule";
import { get, given, isTrue, on, replacesKubeProxy, routesByEbpf, routesNatively } from "./facts";

/** How packets find the pods of other nodes, and leave a node. */
export const routingRules: readonly DataPathRule[] = [
  {
    id: "native-routing-cidr",
    path: "ipv4NativeRoutingCIDR",
    input: "routing.ipv4NativeRoutingCIDR",
    breaks: (values) =>
      routesNatively(values) &&
      on(values, "ipv4.enabled", true) &&
      // Where it is said to be true, the chart asks itself.
      get(values, "enableIPv4Masquerade") !== false &&
      get(values, "enableIPv4Masquerade") !== true &&
      !on(values, "ipMasqAgent.enabled") &&
      !isTakenFromPool(values) &&
      !given(values, "ipv4NativeRoutingCIDR"),
    reason:
      "native routing without it masquerades what pods of different nodes say to each other, and the chart does not mind",
    fix: "set it to the network of the pods, or to one that holds all of them",
  },
  {
    id: "native-routing-cidr-pods",
    warns: true,
    path: "ipv4NativeRoutingCIDR",
    input: "routing.ipv4NativeRoutingCIDR",
    breaks: (values, { podNetworks = [] }) => {
      const network = parseCidr(String(get(values, "ipv4NativeRoutingCIDR") ?? ""));
      if (!routesNatively(values) || network?.family !== "IPv4") return false;
      return podNetworks
        .map(parseCidr)
        .some((pods) => pods?.family === "IPv4" && !contains(network, pods));
    },
    reason:
      "a network of the pods (podSubnets, or the pools of ipam) lies outside, so that it is masqueraded",
    fix: "leave it out, or set a network that holds that of the pods",
  },
  {
    id: "direct-routes",
    path: "autoDirectNodeRoutes",
    input: "routing.autoDirectNodeRoutes",
    breaks: (values) => on(values, "autoDirectNodeRoutes") && !routesNatively(values),
    reason: "no agent starts with routes between nodes while packets go through tunnels",
    fix: "set routing.mode to native, or leave autoDirectNodeRoutes out",
  },
  {
    id: "direct-routes-missing",
    warns: true,
    path: "autoDirectNodeRoutes",
    input: "routing.autoDirectNodeRoutes",
    breaks: (values, { nodes }) =>
      routesNatively(values) &&
      // Whoever says false has routers that know them.
      (get(values, "autoDirectNodeRoutes") ?? "") === "" &&
      !on(values, "bgpControlPlane.enabled") &&
      // A cloud's IPAM gives pods addresses of its own network, and one node has no other.
      !/^(eni|azure|alibabacloud)$/.test(String(get(values, "ipam.mode"))) &&
      nodes?.length !== 1,
    reason: "nodes make no routes to one another's pods, and no BGP announces them",
    fix: "set it to true where nodes share a segment, or to false where your routers know the pods of each node",
  },
  {
    id: "direct-routes-skip",
    warns: true,
    path: "directRoutingSkipUnreachable",
    input: "routing.directRoutingSkipUnreachable",
    breaks: (values) =>
      on(values, "directRoutingSkipUnreachable") && !on(values, "autoDirectNodeRoutes"),
    reason: "there are no routes between nodes to leave out",
    fix: "set autoDirectNodeRoutes to true, or remove it",
  },
  {
    id: "tunnel-underlay",
    silenceable: true,
    path: "underlayProtocol",
    breaks: (values, { minor }) => {
      const own = String(get(values, "underlayProtocol") || (minor < 20 ? "ipv4" : "auto"));
      return (
        !routesNatively(values) &&
        (own === "ipv4" || own === "ipv6") &&
        !on(values, `${own}.enabled`, own === "ipv4")
      );
    },
    reason: "tunnels go over a family that is off: agents do not start, or reckon a wrong MTU",
    fix: "set it to ipv6 in a cluster of IPv6 alone, and to ipv4 otherwise",
  },
  {
    id: "no-conntrack-rules",
    path: "installNoConntrackIptablesRules",
    breaks: (values) =>
      on(values, "installNoConntrackIptablesRules") &&
      !(routesNatively(values) && replacesKubeProxy(values)),
    reason: "agents skip the connection tracking of the host only natively and without kube-proxy",
    fix: "remove it, or set routingMode to native and kubeProxyReplacement to true",
  },
  {
    id: "host-routing",
    warns: true,
    path: "bpf.hostLegacyRouting",
    input: "datapath.hostRouting",
    breaks: (values) => get(values, "bpf.hostLegacyRouting") === false && !routesByEbpf(values),
    reason:
      "packets still pass the host's stack: eBPF host routing needs the replacement of kube-proxy and eBPF to masquerade",
    fix: "set kubeProxyReplacement to true and datapath.masquerade to bpf, or hostRouting to legacy",
  },
  {
    id: "bpf-masquerade",
    path: "bpf.masquerade",
    input: "datapath.masquerade",
    breaks: (values) => isTrue(values, "bpf.masquerade") && !replacesKubeProxy(values),
    reason: "eBPF masquerades with what the replacement of kube-proxy brings, which is off",
    fix: "set kubeProxyReplacement to true, or masquerade to iptables",
  },
  {
    id: "ip-masq-agent",
    path: "ipMasqAgent.enabled",
    breaks: (values) => on(values, "ipMasqAgent.enabled") && !isTrue(values, "bpf.masquerade"),
    reason: "the ip-masq-agent is a part of eBPF's masquerading, which is off",
    fix: "set bpf.masquerade to true, or remove it",
  },
];
