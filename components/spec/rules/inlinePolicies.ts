import { loadAll } from "js-yaml";
import * as z from "zod/mini";

import { egressDenyRule, egressRule, ingressDenyRule, ingressRule } from "../cilium/policyRules";
import { propertyPath } from "../propertyPath";
import type { ClusterSpec } from "../schema";
import { closedPorts, keepsApidOpen } from "./features/hostFirewall";
import { unknownNames } from "./features/policyNames";
import type { Finding, Rule } from "./rule";

/** Policies that a patch hands to Talos as manifests, past the keys of the spec. */
export const inlinePolicyRules: readonly Rule[] = [
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

const patchSchema = z.object({
  cluster: z.object({ inlineManifests: z.array(z.object({ contents: z.string() })) }),
});

const objectSchema = z.object({
  kind: z.enum(["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"]),
  metadata: z.object({ name: z.string(), namespace: z.optional(z.string()) }),
  spec: z.optional(policySchema),
  specs: z.optional(z.array(policySchema)),
});

type Path = readonly (string | number)[];

interface InlinePolicy {
  /** Of the patch. */
  readonly path: Path;
  /** Kind and name. */
  readonly object: string;
  /** Undefined where it is clusterwide. */
  readonly namespace: string | undefined;
  readonly policy: z.output<typeof policySchema>;
}

function* inlinePolicyLocksOut(spec: ClusterSpec): Iterable<Finding> {
  const { hostFirewall, values } = spec.cilium;
  const chart = values["hostFirewall"] as { enabled?: unknown } | null | undefined;
  if (!hostFirewall && chart?.enabled !== true) return;
  for (const { path, object, policy } of inlinePolicies(spec)) {
    if (policy.nodeSelector === undefined) continue;
    const [closed] = closedPorts(policy, hostFirewall ?? { apiServerPort: 6443 });
    // The policy of our own that keeps Talos' ports open comes with the spec's host firewall only.
    if (!closed && (hostFirewall || keepsApidOpen(policy))) continue;
    yield {
      propertyPath: propertyPath(path),
      got: object,
      reason: closed
        ? `its ${closed.direction} closes port ${closed.port.first} (${closed.port.what}), whatever else is allowed`
        : "what a policy of nodes does not allow is denied, and it does not allow port 50000 (apid)",
      fix: "write it under cilium.hostFirewall.policies, beside which Talos' own ports stay open",
    };
  }
}

function* inlineFqdnWithoutDns(spec: ClusterSpec): Iterable<Finding> {
  for (const { path, object, namespace, policy } of inlinePolicies(spec)) {
    if (unknownNames({ ...policy, namespace }, spec.cilium) < 0) continue;
    yield {
      propertyPath: propertyPath(path),
      got: object,
      reason: "the policy has no rule for DNS, so that it never learns an address of its toFQDNs",
      fix: "add an egress rule to kube-dns with rules.dns",
    };
  }
}

/** What machines of the control plane apply; a worker's configuration may have it too and does not. */
function* inlinePolicies(spec: ClusterSpec): Iterable<InlinePolicy> {
  const lists: [Path, readonly string[]][] = [
    [["configPatches"], spec.configPatches],
    [["controlPlaneConfigPatches"], spec.controlPlaneConfigPatches],
    ...spec.nodes.map(({ machineType, configPatches }, index): [Path, readonly string[]] => [
      ["nodes", index, "configPatches"],
      machineType === "worker" ? [] : configPatches,
    ]),
  ];
  for (const [path, patches] of lists) {
    for (const [index, patch] of patches.entries()) {
      // Nearly all patches have no policy, and parsing takes time.
      if (!/Cilium(Clusterwide)?NetworkPolicy/.test(patch)) continue;
      for (const manifest of documentsOf(patch).flatMap(inlineManifests)) {
        for (const object of documentsOf(manifest)) yield* policiesOf(object, [...path, index]);
      }
    }
  }
}

function inlineManifests(document: unknown): string[] {
  const { data } = patchSchema.safeParse(document);
  return (data?.cluster.inlineManifests ?? []).map(({ contents }) => contents);
}

function* policiesOf(manifest: unknown, path: Path): Iterable<InlinePolicy> {
  const { data } = objectSchema.safeParse(manifest);
  if (!data) return;
  const { kind, metadata, spec, specs = [] } = data;
  const namespace = kind === "CiliumNetworkPolicy" ? (metadata.namespace ?? "default") : undefined;
  for (const policy of spec ? [spec, ...specs] : specs) {
    yield { path, object: `${kind} ${metadata.name}`, namespace, policy };
  }
}

/** What is no YAML has rules of its own. */
function documentsOf(text: string): unknown[] {
  try {
    return loadAll(text);
  } catch {
    return [];
  }
}
