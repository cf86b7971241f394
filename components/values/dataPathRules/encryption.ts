import type { ChartValues } from "../chartValues";
import type { DataPathRule } from "./dataPathRule";
import { encryption, get, given, isTrue, on, routesNatively, usesNetkit } from "./facts";

const STRICT = {
  id: "encryption-strict-mode",
  input: "encryption.strictMode",
} as const;

/** Encryption between nodes, and what it does not go with. */
export const encryptionRules: readonly DataPathRule[] = [
  {
    ...STRICT,
    path: "encryption.strictMode",
    breaks: (values, { minor }) =>
      isStrict(values, minor) && !given(values, `${strictPath(values, minor)}.cidr`),
    reason: "the strict mode drops nothing without a network whose traffic has to be encrypted",
    fix: "set cidr to the IPv4 network of the pods",
  },
  {
    ...STRICT,
    path: "encryption.strictMode",
    breaks: (values, { minor }) =>
      isStrict(values, minor) &&
      !routesNatively(values) &&
      !on(values, `${strictPath(values, minor)}.allowRemoteNodeIdentities`),
    reason: "through tunnels agents do not reach pods of other nodes in strict mode",
    fix: "set allowRemoteNodeIdentities to true, or route natively",
  },
  {
    ...STRICT,
    path: "encryption.strictMode",
    breaks: (values, { minor }) =>
      minor < 19 && isStrict(values, minor) && encryption(values) !== "wireguard",
    reason: "before Cilium 1.19 only WireGuard has a strict mode",
    fix: "set encryption.type to wireguard, or leave strictMode out",
  },
  {
    ...STRICT,
    input: "encryption.strictMode.ingress",
    path: "encryption.strictMode.ingress",
    // The chart's own words: 1.19 asks for WireGuard and tunnels, 1.20 for WireGuard.
    breaks: (values, { minor }) =>
      isStrictAtIngress(values) &&
      (encryption(values) !== "wireguard" || (minor === 19 && routesNatively(values))),
    reason: "arriving traffic is judged only with WireGuard, and by Cilium 1.19 only in tunnels",
    fix: "set ingress to false",
  },
  {
    id: "encryption-node",
    warns: true,
    path: "encryption.nodeEncryption",
    breaks: (values, { kubeSpan }) =>
      encryption(values) === "wireguard" &&
      on(values, "encryption.nodeEncryption") &&
      kubeSpan === undefined,
    reason: "encryption of traffic between nodes themselves goes away with Cilium 1.22",
    fix: "remove it; KubeSpan encrypts what machines say to each other",
  },
  {
    id: "ipsec-host-firewall",
    path: "hostFirewall.enabled",
    input: "hostFirewall",
    breaks: (values) => encryption(values) === "ipsec" && on(values, "hostFirewall.enabled"),
    reason: "no agent starts with IPsec and the host firewall",
    fix: "encrypt with wireguard, or leave the host firewall to Talos (NetworkRuleConfig)",
  },
  {
    id: "ipsec-netkit",
    path: "bpf.datapathMode",
    input: "datapath.mode",
    breaks: (values) => encryption(values) === "ipsec" && usesNetkit(values),
    reason: "IPsec marks packets for the host's stack, which netkit passes by",
    fix: "encrypt with wireguard, or leave the mode at veth",
  },
  {
    id: "ipsec-transparent-proxy",
    warns: true,
    path: "dnsProxy.enableTransparentMode",
    breaks: (values) =>
      encryption(values) === "ipsec" && get(values, "dnsProxy.enableTransparentMode") === false,
    reason:
      "with IPsec policies about DNS need the proxy to keep the pod's address, so that packets are encrypted",
    fix: "remove it",
  },
  {
    id: "ipsec-bandwidth-manager",
    warns: true,
    path: "bandwidthManager.enabled",
    input: "bandwidthManager.enabled",
    breaks: (values) => encryption(values) === "ipsec" && on(values, "bandwidthManager.enabled"),
    reason: "agents switch the bandwidth manager off where IPsec encrypts",
    fix: "encrypt with wireguard, or leave the bandwidth manager off",
  },
];

function isStrict(values: ChartValues, minor: number): boolean {
  return encryption(values) !== undefined && isTrue(values, `${strictPath(values, minor)}.enabled`);
}

function isStrictAtIngress(values: ChartValues): boolean {
  return (
    encryption(values) !== undefined && isTrue(values, "encryption.strictMode.ingress.enabled")
  );
}

/** What only traffic that leaves a node is about has its own group from 1.19 on, whose chart reads the old one too. */
function strictPath(values: ChartValues, minor: number): string {
  const [old, own] = ["encryption.strictMode", "encryption.strictMode.egress"] as const;
  const isOld =
    minor === 19 && isTrue(values, `${old}.enabled`) && !isTrue(values, `${own}.enabled`);
  return minor < 19 || isOld ? old : own;
}
