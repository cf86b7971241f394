import { contains, parseCidr } from "../../cidr";
import { goRegexpFault } from "../../goRegexp";
import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import type { CiliumRule } from "./ciliumRule";
import { rulesOf } from "./policyRulesOf";

/** What agents refuse a whole policy for, and say so in its status alone. */
export const policyProxyRules: readonly CiliumRule[] = [
  { id: "policy-proxy", check: policyProxy },
  { id: "policy-except", check: policyExcept },
  { id: "policy-too-many-ports", check: policyTooManyPorts },
];

/** Ports that the CRDs take in one entry of toPorts. */
const MOST_PORTS = 40;

// Requests are read from TCP alone; lookups of DNS only where they leave a pod.
function* policyProxy(cilium: CiliumSpec): Iterable<Finding> {
  for (const { rule, path } of rulesOf(cilium)) {
    for (const [index, { ports = [], rules = {} }] of (rule.toPorts ?? []).entries()) {
      const place = [...path, "toPorts", index];
      const anyPort = ports.findIndex(({ port }) => Number(port) === 0);
      if ((rules.http || rules.dns) && anyPort >= 0) {
        yield {
          propertyPath: propertyPath([...place, "ports", anyPort, "port"]),
          got: ports[anyPort]!.port,
          reason: "0 stands for every port, and requests are read from ports that are named",
          fix: 'write for example port: "80"',
        };
      }
      const otherPort = ports.findIndex(({ protocol }) => protocol !== "TCP");
      if (rules.http && otherPort >= 0) {
        yield {
          propertyPath: propertyPath([...place, "ports", otherPort, "protocol"]),
          got: ports[otherPort]!.protocol,
          reason: "HTTP is read from TCP alone, and a port without a protocol means any",
          fix: "write protocol: TCP",
        };
      }
      if (rules.dns && path.includes("ingress")) {
        yield {
          propertyPath: propertyPath([...place, "rules", "dns"]),
          reason: "lookups are judged where they leave a pod, not where they come in",
          fix: "move it to an egress rule of the pods that look up",
        };
      }
      const ranged = ports.findIndex(({ port, endPort = 0 }) => endPort > Number(port));
      if (rules.dns && ranged >= 0) {
        yield {
          propertyPath: propertyPath([...place, "ports", ranged, "endPort"]),
          got: ports[ranged]!.endPort,
          reason: "lookups of DNS are read from single ports",
          fix: 'write port: "53" alone',
        };
      }
      for (const [request, http] of (rules.http ?? []).entries()) {
        for (const key of ["path", "method", "host"] as const) {
          const got = http[key];
          const fault = goRegexpFault(got ?? "");
          if (fault === undefined) continue;
          yield {
            propertyPath: propertyPath([...place, "rules", "http", request, key]),
            got,
            reason: `it is no regular expression of Go: ${fault}`,
            fix: "write for example /public/.*; a bracket that means itself has a backslash before it",
          };
        }
      }
    }
  }
}

function* policyExcept(cilium: CiliumSpec): Iterable<Finding> {
  for (const { rule, path } of rulesOf(cilium)) {
    for (const key of ["fromCIDRSet", "toCIDRSet"] as const) {
      for (const [index, { cidr, except = [] }] of (rule[key] ?? []).entries()) {
        const whole = parseCidr(cidr ?? "");
        for (const [part, got] of except.entries()) {
          const inner = parseCidr(got);
          if (!whole || !inner || contains(whole, inner)) continue;
          yield {
            propertyPath: propertyPath([...path, key, index, "except", part]),
            got,
            reason: `it lies outside of ${cidr}, of which it shall be excepted`,
            fix: "write a network inside, or remove it",
          };
        }
      }
    }
  }
}

function* policyTooManyPorts(cilium: CiliumSpec): Iterable<Finding> {
  for (const { rule, path } of rulesOf(cilium)) {
    for (const [index, { ports = [] }] of (rule.toPorts ?? []).entries()) {
      if (ports.length <= MOST_PORTS) continue;
      yield {
        propertyPath: propertyPath([...path, "toPorts", index, "ports"]),
        got: ports.length,
        reason: `the API server takes at most ${MOST_PORTS} ports in one list`,
        fix: "write ranges (endPort), or a second entry of toPorts",
      };
    }
  }
}
