import type { HostFirewall } from "../spec/cilium/hostFirewall";
import type { ChartValues } from "./chartValues";

/** The firewall of the nodes, which only notes what it would drop until it is told to enforce. */
export function hostFirewallValues(input: {
  readonly hostFirewall?: HostFirewall;
  readonly policyAuditMode?: boolean;
}): ChartValues {
  const { hostFirewall, policyAuditMode } = input;
  if (!hostFirewall) return {};
  return {
    hostFirewall: { enabled: true },
    ...(policyAuditMode === undefined && !hostFirewall.enforce && { policyAuditMode: true }),
  };
}
