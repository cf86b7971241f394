import { policyEnforcementMode } from "../policyEnforcementMode";
import { type ClashRule, isTrue, on } from "./clashRule";

/** The host firewall, which is a matter of policies on nodes. */
export const hostFirewallRules: readonly ClashRule[] = [
  {
    id: "host-firewall-ipv6-masquerade",
    silenceable: true,
    path: "hostFirewall.enabled",
    breaks: (values) =>
      on(values, "hostFirewall.enabled") &&
      on(values, "ipv6.enabled") &&
      on(values, "enableIPv6Masquerade", true) &&
      isTrue(values, "bpf.masquerade"),
    reason: "IPv6 masquerading in eBPF does not go together with the host firewall",
    fix: "set enableIPv6Masquerade to false, or remove bpf.masquerade",
  },
  {
    id: "host-firewall-never",
    silenceable: true,
    path: "policyEnforcementMode",
    breaks: (values) =>
      on(values, "hostFirewall.enabled") && policyEnforcementMode(values) === "never",
    reason: "with never no policy is enforced, those of the host firewall among them",
    fix: "set it to default, or hostFirewall.enabled to false",
  },
];
