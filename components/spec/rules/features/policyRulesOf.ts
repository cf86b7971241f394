import type { EgressRule, IngressRule } from "../../cilium/policyRules";
import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";

export type Path = readonly (string | number)[];

/** A rule of either direction; what only one of them has may be absent. */
export type AnyRule = Partial<IngressRule & EgressRule>;

/** Lists of rules that a policy may have. */
export const POLICY_DIRECTIONS = ["ingress", "ingressDeny", "egress", "egressDeny"] as const;

/** Every rule of every policy, about pods or nodes, and where it stands. */
export function* rulesOf({
  networkPolicies,
  hostFirewall,
}: CiliumSpec): Iterable<{ rule: AnyRule; path: Path }> {
  for (const [owner, policies] of Object.entries({
    networkPolicies: networkPolicies?.policies ?? {},
    hostFirewall: hostFirewall?.policies ?? {},
  })) {
    for (const [name, policy] of Object.entries(policies)) {
      for (const direction of POLICY_DIRECTIONS) {
        for (const [index, rule] of (policy[direction] ?? []).entries()) {
          const path = ["cilium", owner, "policies", name, direction, index];
          yield { rule: rule as AnyRule, path };
        }
      }
    }
  }
}

/** The path of something in a policy. */
export function at(...path: Path): string {
  return propertyPath(["cilium", "networkPolicies", "policies", ...path]);
}
