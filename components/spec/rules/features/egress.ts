import { parseAddress, parseCidr } from "../../cidr";
import { isDnsName } from "../../kubernetesNames";
import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import type { CiliumRule } from "./ciliumRule";
import { rulesOf } from "./policyRulesOf";

/** Egress gateways, local redirection, and groups of networks. */
export const egressRules: readonly CiliumRule[] = [
  { id: "egress-name", check: egressName },
  { id: "egress-cidr", check: egressCidr },
  { id: "egress-destinations", check: egressDestinations },
  { id: "egress-gateway-address", check: egressGatewayAddress },
  { id: "egress-gateway-selectors", check: egressGatewaySelectors },
  { id: "local-redirect-frontend", check: localRedirectFrontend },
  { id: "cidr-group-unknown", silenceable: true, check: cidrGroupUnknown },
];

function* egressName(cilium: CiliumSpec): Iterable<Finding> {
  const owners = {
    cidrGroups: cilium.cidrGroups,
    "egressGateway.policies": cilium.egressGateway?.policies,
    "localRedirectPolicies.policies": cilium.localRedirectPolicies?.policies,
  };
  for (const [owner, objects = {}] of Object.entries(owners)) {
    for (const name of Object.keys(objects).filter((each) => !isDnsName(each))) {
      yield {
        propertyPath: propertyPath(["cilium", ...owner.split("."), name]),
        got: name,
        reason: "it is no name of a Kubernetes object: a DNS name in lower case",
        fix: "write for example office",
      };
    }
  }
}

function* egressCidr({ egressGateway, cidrGroups = {} }: CiliumSpec): Iterable<Finding> {
  const lists: [string, readonly string[]][] = [
    ...Object.entries(cidrGroups).map(([name, networks]): [string, readonly string[]] => [
      propertyPath(["cilium", "cidrGroups", name]),
      networks,
    ]),
    ...Object.entries(egressGateway?.policies ?? {}).flatMap(([name, policy]) =>
      (["destinationCIDRs", "excludedCIDRs"] as const).map((key): [string, readonly string[]] => [
        propertyPath(["cilium", "egressGateway", "policies", name, key]),
        policy[key] ?? [],
      ]),
    ),
  ];
  for (const [path, networks] of lists) {
    for (const [index, got] of networks.entries()) {
      if (parseCidr(got)) continue;
      yield {
        propertyPath: `${path}[${index}]`,
        got,
        reason: "it is no network in CIDR notation",
        fix: parseAddress(got)
          ? `write ${got}/${got.includes(":") ? 128 : 32}`
          : "write for example 203.0.113.0/24",
      };
    }
  }
}

function* egressDestinations({ egressGateway }: CiliumSpec): Iterable<Finding> {
  for (const [name, { destinationCIDRs: got }] of Object.entries(egressGateway?.policies ?? {})) {
    if (got.length > 0) continue;
    yield {
      propertyPath: propertyPath([
        ...["cilium", "egressGateway", "policies", name],
        "destinationCIDRs",
      ]),
      got,
      reason: "without a network that packets are for, none takes this way",
      fix: "write [0.0.0.0/0] for all of them",
    };
  }
}

function* egressGatewayAddress({ egressGateway }: CiliumSpec): Iterable<Finding> {
  for (const [name, { egressGateway: gateway }] of Object.entries(egressGateway?.policies ?? {})) {
    const { egressIP, interface: link } = gateway;
    const isTwice = egressIP !== undefined && link !== undefined;
    if (!isTwice && (egressIP === undefined || parseAddress(egressIP))) continue;
    yield {
      propertyPath: propertyPath(["cilium", "egressGateway", "policies", name, "egressGateway"]),
      got: gateway,
      reason: isTwice
        ? "egressIP and interface exclude each other, and Cilium takes no notice of such a policy"
        : "egressIP is no address",
      fix: isTwice ? "keep one of them" : "write an address of the node, without a prefix length",
    };
  }
}

// Pods are told by labels of theirs or of their namespace; an entry without either selects nothing.
function* egressGatewaySelectors({ egressGateway }: CiliumSpec): Iterable<Finding> {
  for (const [name, { selectors }] of Object.entries(egressGateway?.policies ?? {})) {
    const isSound =
      selectors.length > 0 &&
      selectors.every((each) => each.podSelector ?? each.namespaceSelector ?? each.nodeSelector);
    if (isSound) continue;
    yield {
      propertyPath: propertyPath(["cilium", "egressGateway", "policies", name, "selectors"]),
      got: selectors,
      reason: "an entry without a selector means nobody, and so does a list without an entry",
      fix: "write podSelector: {} for all pods",
    };
  }
}

function* localRedirectFrontend({ localRedirectPolicies }: CiliumSpec): Iterable<Finding> {
  for (const [name, policy] of Object.entries(localRedirectPolicies?.policies ?? {})) {
    const { addressMatcher, serviceMatcher } = policy.redirectFrontend;
    const at = (key: string) =>
      propertyPath(["cilium", "localRedirectPolicies", "policies", name, "redirectFrontend", key]);
    if ((addressMatcher === undefined) === (serviceMatcher === undefined)) {
      yield {
        propertyPath: at("addressMatcher").replace(".addressMatcher", ""),
        got: policy.redirectFrontend,
        reason: "packets are told either by their address or by a Service",
        fix: "write one of addressMatcher and serviceMatcher",
      };
    } else if (addressMatcher && !parseAddress(addressMatcher.ip)) {
      yield {
        propertyPath: at("addressMatcher"),
        got: addressMatcher.ip,
        reason: "ip is no address",
        fix: "write for example 169.254.169.254",
      };
    } else if (serviceMatcher && serviceMatcher.namespace !== policy.namespace) {
      yield {
        propertyPath: at("serviceMatcher"),
        got: serviceMatcher.namespace,
        reason: `the policy stands in ${policy.namespace}, and redirects Services of its own namespace only`,
        fix: "give both the same namespace",
      };
    }
  }
}

function* cidrGroupUnknown(cilium: CiliumSpec): Iterable<Finding> {
  for (const { rule, path } of rulesOf(cilium)) {
    for (const key of ["fromCIDRSet", "toCIDRSet"] as const) {
      for (const [index, { cidrGroupRef: got }] of (rule[key] ?? []).entries()) {
        if (got === undefined || cilium.cidrGroups?.[got]) continue;
        const known = Object.keys(cilium.cidrGroups ?? {});
        yield {
          propertyPath: propertyPath([...path, key, index, "cidrGroupRef"]),
          got,
          reason: "there is no group of this name, so that the rule means nobody",
          fix: `${known.length > 0 ? `known are ${known.join(", ")}` : "add it to cilium.cidrGroups"}; silence cidr-group-unknown where something else makes it`,
        };
      }
    }
  }
}
