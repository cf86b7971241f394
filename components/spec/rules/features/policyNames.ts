import type { NetworkPolicy } from "../../cilium/networkPolicies";
import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import type { CiliumRule } from "./ciliumRule";
import { type Path, at, rulesOf } from "./policyRulesOf";

/** DNS names in policies. */
export const policyNameRules: readonly CiliumRule[] = [
  { id: "policy-names", check: policyNames },
  { id: "fqdn-without-dns", check: fqdnWithoutDns },
];

function* policyNames(cilium: CiliumSpec): Iterable<Finding> {
  for (const { rule, path } of rulesOf(cilium)) {
    const lists: [Path, readonly Name[]][] = [
      [[...path, "toFQDNs"], rule.toFQDNs ?? []],
      ...(rule.toPorts ?? []).map(({ rules }, index): [Path, readonly Name[]] => [
        [...path, "toPorts", index, "rules", "dns"],
        rules?.dns ?? [],
      ]),
    ];
    for (const [place, names] of lists) {
      for (const [index, name] of names.entries()) {
        const { matchName, matchPattern } = name;
        const isSound =
          (matchName === undefined) !== (matchPattern === undefined) &&
          /^[-a-zA-Z0-9_.]+$/.test((matchName ?? matchPattern ?? "").replaceAll("*", "x")) &&
          !matchName?.includes("*");
        if (isSound) continue;
        yield {
          propertyPath: propertyPath([...place, index]),
          got: name,
          reason: "it is neither a DNS name nor a pattern of names, or it is both",
          fix: "write matchName: api.example.org, or matchPattern: '*.example.org'",
        };
      }
    }
  }
}

interface Name {
  readonly matchName?: string;
  readonly matchPattern?: string;
}

// Cilium learns a host's addresses from lookups that its proxy sees, and from nothing else.
function* fqdnWithoutDns(cilium: CiliumSpec): Iterable<Finding> {
  for (const [name, policy] of Object.entries(cilium.networkPolicies?.policies ?? {})) {
    const index = unknownNames(policy, cilium);
    if (index < 0) continue;
    yield {
      propertyPath: at(name, "egress", index, "toFQDNs"),
      reason: "the policy has no rule for DNS, so that it never learns an address of these hosts",
      fix: 'add an egress rule to kube-dns with toPorts: [{ ports: [{ port: "53" }], rules: { dns: [{ matchPattern: "*" }] } }]',
    };
  }
}

/** Index of the egress rule whose names nothing looks up through Cilium; -1 where there is none. */
export function unknownNames(
  policy: Pick<NetworkPolicy, "egress" | "namespace">,
  { networkPolicies }: Pick<CiliumSpec, "networkPolicies">,
): number {
  const index = (policy.egress ?? []).findIndex(({ toFQDNs = [] }) => toFQDNs.length > 0);
  const baseline = networkPolicies?.baseline;
  const isInBaseline =
    baseline !== undefined && !baseline.excludedNamespaces.includes(policy.namespace ?? "");
  return isInBaseline || looksUpByProxy(policy) ? -1 : index;
}

function looksUpByProxy({ egress = [] }: Pick<NetworkPolicy, "egress">): boolean {
  return egress.some(({ toPorts = [] }) =>
    toPorts.some(({ rules }) => (rules?.dns ?? []).length > 0),
  );
}
