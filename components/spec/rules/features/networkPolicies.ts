import { policyEnforcementMode } from "../../../values/policyEnforcementMode";
import { parseAddress, parseCidr } from "../../cidr";
import { isDnsName } from "../../kubernetesNames";
import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import { ownValue } from "./chartValue";
import type { CiliumRule } from "./ciliumRule";
import { POLICY_DIRECTIONS, at, rulesOf } from "./policyRulesOf";
import { policyNameRules } from "./policyNames";
import { policyProxyRules } from "./policyProxy";

/** Policies about pods. */
export const networkPolicyRules: readonly CiliumRule[] = [
  { id: "policy-name", check: policyName },
  { id: "policy-empty", check: policyEmpty },
  { id: "policy-peers", check: policyPeers },
  { id: "policy-cidr", check: policyCidr },
  { id: "policy-ports", check: policyPorts },
  ...policyProxyRules,
  ...policyNameRules,
  { id: "policy-l7-proxy", check: policyL7Proxy },
  { id: "policy-never", silenceable: true, check: policyNever },
  { id: "baseline-kube-system", check: baselineKubeSystem },
];

/** What of a rule names peers; Cilium takes one of these in each rule. */
const PEERS = /^(from|to)(Endpoints|Entities|CIDR|CIDRSet|Services|FQDNs)$/;

function* policyName({ networkPolicies }: CiliumSpec): Iterable<Finding> {
  const { baseline, policies = {} } = networkPolicies ?? {};
  for (const [name, { namespace }] of Object.entries(policies)) {
    if (!isDnsName(name)) {
      yield {
        propertyPath: at(name),
        got: name,
        reason: "it is no name of a Kubernetes object: a DNS name in lower case",
        fix: "write for example allow-web",
      };
    } else if (baseline && namespace === undefined && name === "default-deny") {
      yield {
        propertyPath: at(name),
        got: name,
        reason: "the baseline has this name",
        fix: "choose another one",
      };
    }
  }
}

// From 1.20 on the CRD refuses a policy that says nothing; before it did nothing.
function* policyEmpty({ networkPolicies }: CiliumSpec): Iterable<Finding> {
  for (const [name, policy] of Object.entries(networkPolicies?.policies ?? {})) {
    if (POLICY_DIRECTIONS.some((direction) => policy[direction] !== undefined)) continue;
    yield {
      propertyPath: at(name),
      reason: "it says nothing, so that it does nothing",
      fix: "add ingress or egress; a rule without peers, [{}], denies all in its direction",
    };
  }
}

function* policyPeers(cilium: CiliumSpec): Iterable<Finding> {
  for (const { rule, path } of rulesOf(cilium)) {
    const given = Object.entries(rule).filter(
      ([key, list]) => PEERS.test(key) && Array.isArray(list) && list.length > 0,
    );
    if (given.length < 2) continue;
    yield {
      propertyPath: propertyPath(path),
      got: Object.keys(rule),
      reason: "Cilium takes one kind of peers in a rule, and refuses the whole policy otherwise",
      fix: `make ${given.length} rules of it`,
    };
  }
}

function* policyCidr(cilium: CiliumSpec): Iterable<Finding> {
  for (const { rule, path } of rulesOf(cilium)) {
    for (const [key, value] of Object.entries(rule)) {
      if (!/^(from|to)CIDR/.test(key)) continue;
      for (const [index, entry] of (value as (string | CidrSet)[]).entries()) {
        const set: CidrSet = typeof entry === "string" ? { cidr: entry } : entry;
        if ((set.cidr === undefined) === (set.cidrGroupRef === undefined)) {
          yield {
            propertyPath: propertyPath([...path, key, index]),
            got: entry,
            reason: "an entry is either a network or a group of them",
            fix: "write cidr alone, or cidrGroupRef alone",
          };
        }
        for (const network of [set.cidr, ...(set.except ?? [])]) {
          if (network === undefined || parseCidr(network)) continue;
          const address = parseAddress(network);
          // Only the plain list takes an address without a prefix.
          if (address && typeof entry === "string") continue;
          yield {
            propertyPath: propertyPath([...path, key, index]),
            got: network,
            reason: "it is no network in CIDR notation",
            fix: address
              ? `write ${network}/${address.family === "IPv4" ? 32 : 128}`
              : "write for example 10.5.0.0/24",
          };
        }
      }
    }
  }
}

interface CidrSet {
  readonly cidr?: string;
  readonly cidrGroupRef?: string;
  readonly except?: readonly string[];
}

function* policyPorts(cilium: CiliumSpec): Iterable<Finding> {
  for (const { rule, path } of rulesOf(cilium)) {
    for (const [index, { ports = [], rules }] of (rule.toPorts ?? []).entries()) {
      const place = [...path, "toPorts", index];
      for (const [portIndex, { port, endPort }] of ports.entries()) {
        const isNumber = /^\d+$/.test(port);
        const isSound = isNumber
          ? Number(port) <= 65535 && (endPort ?? 65535) >= Number(port) && (endPort ?? 0) <= 65535
          : /^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/i.test(port) && endPort === undefined;
        if (isSound) continue;
        yield {
          propertyPath: propertyPath([...place, "ports", portIndex]),
          got: endPort === undefined ? port : `${port} to ${endPort}`,
          reason: "it is neither a number up to 65535, a range of them, nor the name of a port",
          fix: 'write for example port: "443"',
        };
      }
      const kinds = Object.keys(rules ?? {});
      if (kinds.length > 1 || (kinds.length > 0 && ports.length === 0)) {
        yield {
          propertyPath: propertyPath([...place, "rules"]),
          got: kinds,
          reason: "the proxy reads one protocol on ports that it is told",
          fix: "give each protocol an entry of toPorts with ports of its own",
        };
      }
    }
  }
}

function* policyL7Proxy(cilium: CiliumSpec): Iterable<Finding> {
  if (cilium.values["l7Proxy"] !== false) return;
  const { baseline } = cilium.networkPolicies ?? {};
  const usesProxy = [...rulesOf(cilium)].some(({ rule }) =>
    (rule.toPorts ?? []).some(({ rules }) => Object.keys(rules ?? {}).length > 0),
  );
  if (!baseline && !usesProxy) return;
  yield {
    propertyPath: "cilium.values.l7Proxy",
    got: false,
    reason: "policies about DNS and HTTP, the baseline among them, need the proxy",
    fix: "remove it",
  };
}

function* policyNever(cilium: CiliumSpec): Iterable<Finding> {
  const { baseline, policies = {} } = cilium.networkPolicies ?? {};
  if (
    policyEnforcementMode(cilium.values) !== "never" ||
    (!baseline && Object.keys(policies).length === 0)
  )
    return;
  yield {
    propertyPath: "cilium.values.policyEnforcementMode",
    got: ownValue(cilium, "policyEnforcementMode"),
    reason: "with never no policy is enforced, those of cilium.networkPolicies among them",
    fix: "remove it, or networkPolicies; policyAuditMode: true is what tries policies out",
  };
}

function* baselineKubeSystem({ networkPolicies }: CiliumSpec): Iterable<Finding> {
  const got = networkPolicies?.baseline?.excludedNamespaces;
  if (!got || got.includes("kube-system")) return;
  yield {
    propertyPath: "cilium.networkPolicies.baseline.excludedNamespaces",
    got,
    reason: "without it CoreDNS itself may ask nobody outside, and cluster DNS fails",
    fix: "add kube-system",
  };
}
