import { contains, parseAddress, parseCidr } from "../../cidr";
import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import type { CiliumRule } from "./ciliumRule";

/** Ports and addresses of local redirection; a policy with wrong ones is refused or does nothing. */
export const localRedirectRules: readonly CiliumRule[] = [
  { id: "local-redirect-ports", check: localRedirectPorts },
  { id: "local-redirect-address", check: localRedirectAddress },
];

/** What the CRD takes. */
const PORT = /^([1-9]|[1-5]?\d{2,4}|6[1-4]\d{3}|65[1-4]\d{2}|655[12]\d|6553[1-5])$/;
const NAME = /^([0-9]{1,4}|([a-z0-9]-?)*[a-z](-?[a-z0-9])*)$/i;

function* localRedirectPorts({ localRedirectPolicies }: CiliumSpec): Iterable<Finding> {
  for (const [name, policy] of Object.entries(localRedirectPolicies?.policies ?? {})) {
    const { addressMatcher, serviceMatcher } = policy.redirectFrontend;
    const lists = {
      "redirectFrontend.addressMatcher": addressMatcher?.toPorts,
      "redirectFrontend.serviceMatcher": serviceMatcher?.toPorts,
      redirectBackend: policy.redirectBackend.toPorts,
    };
    for (const [owner, ports] of Object.entries(lists)) {
      if (!ports) continue;
      const at = (...path: readonly (string | number)[]) =>
        propertyPath([
          ...["cilium", "localRedirectPolicies", "policies", name],
          ...[...owner.split("."), "toPorts", ...path],
        ]);
      if (ports.length === 0) {
        yield {
          propertyPath: at(),
          got: [],
          reason: "packets are led to and from ports that are named",
          fix: 'write for example { port: "53", protocol: UDP }',
        };
      }
      for (const [index, { port, name: label }] of ports.entries()) {
        if (!PORT.test(port)) {
          yield {
            propertyPath: at(index, "port"),
            got: port,
            reason: "it is no number of a port that the API server takes here",
            fix: 'write for example port: "53"',
          };
        }
        if (label !== undefined && !NAME.test(label)) {
          yield {
            propertyPath: at(index, "name"),
            got: label,
            reason: "it is no name of a port: letters, digits and single hyphens between them",
            fix: "write for example name: dns on both sides",
          };
        }
        if (ports.length === 1 || label !== undefined) continue;
        yield {
          propertyPath: at(index, "name"),
          reason: "of several ports each has a name, by which both sides find one another",
          fix: "write for example name: dns on both sides",
        };
      }
    }
  }
}

function* localRedirectAddress({ localRedirectPolicies }: CiliumSpec): Iterable<Finding> {
  const { addressMatcherCIDRs = [], policies = {} } = localRedirectPolicies ?? {};
  const networks = addressMatcherCIDRs.map((each) => [each, parseCidr(each)] as const);
  for (const [index, [got, network]] of networks.entries()) {
    if (network) continue;
    yield {
      propertyPath: propertyPath(["cilium", "localRedirectPolicies", "addressMatcherCIDRs", index]),
      got,
      reason: "it is no network in CIDR notation",
      fix: parseAddress(got)
        ? `write ${got}/${got.includes(":") ? 128 : 32}`
        : "write for example 169.254.0.0/16",
    };
  }
  if (networks.length === 0 || networks.some(([, network]) => !network)) return;
  for (const [name, { redirectFrontend }] of Object.entries(policies)) {
    const got = redirectFrontend.addressMatcher?.ip;
    const address = parseAddress(got ?? "");
    if (!address || networks.some(([, network]) => contains(network!, address))) continue;
    yield {
      propertyPath: propertyPath([
        ...["cilium", "localRedirectPolicies", "policies", name],
        ...["redirectFrontend", "addressMatcher", "ip"],
      ]),
      got,
      reason: "it lies in none of addressMatcherCIDRs, and Cilium redirects no other address",
      fix: "add its network there, or leave addressMatcherCIDRs out",
    };
  }
}
