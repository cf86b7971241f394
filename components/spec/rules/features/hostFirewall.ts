import { isDnsName } from "../../kubernetesNames";
import { propertyPath } from "../../propertyPath";
import type { HostPolicy } from "../../cilium/hostFirewall";
import type { CiliumSpec } from "../../schema";
import { type MachinePort, machinePorts } from "../../talosPorts";
import type { Finding } from "../rule";
import { ownValue } from "./chartValue";
import type { CiliumRule } from "./ciliumRule";

/** Policies about nodes. */
export const hostFirewallRules: readonly CiliumRule[] = [
  { id: "host-policy-name", check: hostPolicyName },
  { id: "host-policy-locks-out", check: hostPolicyLocksOut },
  { id: "host-firewall-audit", check: hostFirewallAudit },
  { id: "host-firewall-raw", warns: true, check: hostFirewallRaw },
];

/** Peers without whom a machine cannot be reached by its owner or by its cluster. */
const NEEDED = ["all", "world", "cluster", "host", "remote-node", "kube-apiserver"];

/** Networks that are everything. */
const EVERYWHERE = ["0.0.0.0/0", "::/0"];

function* hostPolicyName({ hostFirewall, networkPolicies }: CiliumSpec): Iterable<Finding> {
  const { baseline, policies = {} } = networkPolicies ?? {};
  const taken = [
    ...Object.keys(policies).filter((name) => policies[name]!.namespace === undefined),
    ...(baseline ? ["default-deny"] : []),
    "talos-ports",
  ];
  for (const name of Object.keys(hostFirewall?.policies ?? {})) {
    if (isDnsName(name) && !taken.includes(name)) continue;
    yield {
      propertyPath: propertyPath(["cilium", "hostFirewall", "policies", name]),
      got: name,
      reason: isDnsName(name)
        ? "a policy for pods everywhere, or the one that keeps Talos' own ports open, has this name"
        : "it is no name of a Kubernetes object: a DNS name in lower case",
      fix: "write for example node-exporter",
    };
  }
}

function* hostPolicyLocksOut({ hostFirewall }: CiliumSpec): Iterable<Finding> {
  if (!hostFirewall) return;
  for (const [name, policy] of Object.entries(hostFirewall.policies)) {
    for (const { direction, index, rule, port } of closedPorts(policy, hostFirewall)) {
      yield {
        propertyPath: propertyPath([
          ...["cilium", "hostFirewall", "policies", name, direction],
          index,
        ]),
        got: rule,
        reason: `it closes port ${port.first} (${port.what}) to ${direction === "ingressDeny" ? "those who have to reach the machine" : "what the machine has to reach"}, whatever else is allowed`,
        fix: "name other ports in toPorts, or the networks that are meant in CIDR",
      };
    }
  }
}

interface ClosedPort {
  readonly direction: "ingressDeny" | "egressDeny";
  readonly index: number;
  readonly rule: object;
  /** The first that the rule closes. */
  readonly port: MachinePort;
}

/** What is denied is denied whatever else is allowed, so only a denial can close an open port. */
export function* closedPorts(
  policy: Pick<HostPolicy, "ingressDeny" | "egressDeny">,
  { apiServerPort }: { readonly apiServerPort: number },
): Iterable<ClosedPort> {
  const needed = machinePorts(apiServerPort);
  for (const direction of ["ingressDeny", "egressDeny"] as const) {
    for (const [index, rule] of (policy[direction] ?? []).entries()) {
      const port = needed.find((each) => covers(rule.toPorts, each));
      if (port && concernsNeeded(rule)) yield { direction, index, rule, port };
    }
  }
}

/** Whether somebody still reaches apid once the policy denies what it does not name. */
export function keepsApidOpen({ ingress }: Pick<HostPolicy, "ingress">): boolean {
  const [apid] = machinePorts(6443);
  return !ingress || ingress.some(({ toPorts }) => covers(toPorts, apid!));
}

function* hostFirewallAudit(cilium: CiliumSpec): Iterable<Finding> {
  const { hostFirewall } = cilium;
  const raw = ownValue(cilium, "policyAuditMode");
  const audits = raw ?? cilium.policyAuditMode;
  if (!hostFirewall || String(audits) !== String(hostFirewall.enforce)) return;
  const key = raw === undefined ? "policyAuditMode" : "cilium.values.policyAuditMode";
  yield {
    propertyPath: "cilium.hostFirewall.enforce",
    got: hostFirewall.enforce,
    reason: `${key} is ${String(audits)}, which says the opposite`,
    fix: "leave policyAuditMode out: enforce decides",
  };
}

/** Whether the user's own values switch it on. */
export function isSwitchedOnRaw(cilium: Pick<CiliumSpec, "values">): boolean {
  return Boolean(ownValue(cilium, "hostFirewall.enabled"));
}

function* hostFirewallRaw(cilium: CiliumSpec): Iterable<Finding> {
  if (cilium.hostFirewall || !isSwitchedOnRaw(cilium)) return;
  yield {
    propertyPath: "cilium.values.hostFirewall.enabled",
    got: ownValue(cilium, "hostFirewall.enabled"),
    reason:
      "the chart's value makes no policy that keeps Talos' own ports open, and drops from the first policy on",
    fix: "write hostFirewall: {} under cilium instead: it opens them, and only notes what it would drop until enforce",
  };
}

interface PortList {
  readonly ports?: readonly {
    readonly port: string;
    readonly endPort?: number;
    readonly protocol?: string;
  }[];
}

function covers(lists: readonly PortList[] | undefined, needed: MachinePort): boolean {
  if (!lists) return true;
  return lists.some(
    ({ ports }) =>
      !ports ||
      ports.some(({ port, endPort, protocol = "ANY" }) => {
        const first = Number(port);
        const last = endPort ?? first;
        const isSameProtocol = protocol === "ANY" || protocol === needed.protocol;
        const isAll = first === 0 && endPort === undefined;
        return isSameProtocol && (isAll || (first <= needed.last && last >= needed.first));
      }),
  );
}

/** Whether a rule is about everybody, or about a group that a machine cannot do without. */
function concernsNeeded(rule: object): boolean {
  const peers = Object.entries(rule).filter(([key]) => /^(from|to)(?!Ports)/.test(key));
  if (peers.length === 0) return true;
  return peers
    .flatMap(([, list]) => list as unknown[])
    .some((peer) => {
      if (typeof peer === "string") return NEEDED.includes(peer) || EVERYWHERE.includes(peer);
      // Who is excepted still reaches the machine.
      const { cidr, except = [] } = peer as { cidr?: string; except?: readonly string[] };
      return cidr !== undefined && EVERYWHERE.includes(cidr) && except.length === 0;
    });
}
