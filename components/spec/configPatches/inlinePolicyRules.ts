import { loadAll } from "js-yaml";
import * as z from "zod/mini";

import { egressDenyRule, egressRule, ingressDenyRule, ingressRule } from "../cilium/policyRules";
import { closedPorts, isSwitchedOnRaw, keepsApidOpen } from "../rules/features/hostFirewall";
import { unknownNames } from "../rules/features/policyNames";
import { type MachineDocuments, listAt, textAt } from "./machineDocuments";
import type { CheckedMachine, MachineFinding, MachineRule } from "./machineRule";

/** Policies that a patch hands to Talos as inline manifests, past the keys of the spec. */
export const inlinePolicyRules: readonly MachineRule[] = [
  { id: "inline-policy-locks-out", check: inlinePolicyLocksOut },
  { id: "inline-fqdn-without-dns", check: inlineFqdnWithoutDns },
];

/** What is judged of a policy; one that does not even have this form is the API server's to refuse. */
const policySchema = z.object({
  nodeSelector: z.optional(z.unknown()),
  ingress: z.optional(z.array(ingressRule)),
  ingressDeny: z.optional(z.array(ingressDenyRule)),
  egress: z.optional(z.array(egressRule)),
  egressDeny: z.optional(z.array(egressDenyRule)),
});

const objectSchema = z.object({
  kind: z.enum(["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"]),
  metadata: z.object({ name: z.string(), namespace: z.optional(z.string()) }),
  spec: z.optional(policySchema),
  specs: z.optional(z.array(policySchema)),
});

interface InlinePolicy {
  /** Path in the machine configuration. */
  readonly where: string;
  /** Kind and name. */
  readonly object: string;
  /** Undefined where it is clusterwide. */
  readonly namespace: string | undefined;
  readonly policy: z.output<typeof policySchema>;
}

function* inlinePolicyLocksOut(
  documents: MachineDocuments,
  machine: CheckedMachine,
): Iterable<MachineFinding> {
  const cilium = machine.spec?.cilium;
  if (!cilium || (!cilium.hostFirewall && !isSwitchedOnRaw(cilium))) return;
  const { hostFirewall } = cilium;
  for (const { where, object, policy } of inlinePolicies(documents, machine)) {
    if (policy.nodeSelector === undefined) continue;
    const [closed] = closedPorts(policy, hostFirewall ?? { apiServerPort: 6443 });
    // The policy of our own that keeps Talos' ports open comes with the spec's host firewall only.
    if (!closed && (hostFirewall || keepsApidOpen(policy))) continue;
    yield {
      where,
      got: object,
      reason: closed
        ? `its ${closed.direction} closes port ${closed.port.first} (${closed.port.what}), whatever else is allowed`
        : "what a policy of nodes does not allow is denied, and it does not allow port 50000 (apid)",
      fix: "write it under cilium.hostFirewall.policies, beside which Talos' own ports stay open",
    };
  }
}

function* inlineFqdnWithoutDns(
  documents: MachineDocuments,
  machine: CheckedMachine,
): Iterable<MachineFinding> {
  if (!machine.spec) return;
  for (const { where, object, namespace, policy } of inlinePolicies(documents, machine)) {
    if (unknownNames({ ...policy, namespace }, machine.spec.cilium) < 0) continue;
    yield {
      where,
      got: object,
      reason: "the policy has no rule for DNS, so that it never learns an address of its toFQDNs",
      fix: "add an egress rule to kube-dns with rules.dns",
    };
  }
}

/** What machines of the control plane apply; a worker's configuration may have it too and does not. */
function* inlinePolicies(
  [main]: MachineDocuments,
  { machineType }: CheckedMachine,
): Iterable<InlinePolicy> {
  if (machineType === "worker") return;
  for (const [index, item] of listAt(main, "cluster", "inlineManifests").entries()) {
    const contents = textAt(item, "contents");
    // Nearly all manifests have no policy, and parsing takes time.
    if (!/Cilium(Clusterwide)?NetworkPolicy/.test(contents)) continue;
    const where = `cluster.inlineManifests[${index}].contents`;
    for (const object of objectsIn(contents)) yield* policiesOf(object, where);
  }
}

function* policiesOf(object: unknown, where: string): Iterable<InlinePolicy> {
  const { data } = objectSchema.safeParse(object);
  if (!data) return;
  const { kind, metadata, spec, specs = [] } = data;
  const namespace = kind === "CiliumNetworkPolicy" ? (metadata.namespace ?? "default") : undefined;
  for (const policy of spec ? [spec, ...specs] : specs) {
    yield { where, object: `${kind} ${metadata.name}`, namespace, policy };
  }
}

/** Talos takes any text for a manifest and fails on it later. */
function objectsIn(manifest: string): unknown[] {
  try {
    return loadAll(manifest);
  } catch {
    return [];
  }
}
