import type { CiliumSpec } from "../../spec";
import type { NetworkPolicies, NetworkPolicy } from "../../spec/cilium/networkPolicies";
import type { EgressRule } from "../../spec/cilium/policyRules";
import type { CiliumObject, Manifest } from "./ciliumObject";

/** Name of the policy that denies what nothing else allows. */
export const BASELINE = "default-deny";

const NAMESPACE_LABEL = "k8s:io.kubernetes.pod.namespace";

/** Lookups at CoreDNS through the proxy, from which Cilium learns the addresses of names. */
export const DNS_RULE: EgressRule = {
  toEndpoints: [{ matchLabels: { [NAMESPACE_LABEL]: "kube-system", "k8s:k8s-app": "kube-dns" } }],
  toPorts: [{ ports: [{ port: "53", protocol: "ANY" }], rules: { dns: [{ matchPattern: "*" }] } }],
};

/** The baseline and the policies of the spec. Pure. */
export function networkPolicyObjects({ networkPolicies }: CiliumSpec): CiliumObject[] {
  const { baseline, policies = {} } = networkPolicies ?? {};
  const manifests = [
    ...(baseline ? [baselinePolicy(baseline)] : []),
    ...Object.entries(policies).map(([name, policy]) => manifestOf(name, policy)),
  ];
  return manifests.map((manifest) => ({ when: "afterReady", manifest }));
}

function manifestOf(name: string, { namespace, ...spec }: NetworkPolicy): Manifest {
  return {
    apiVersion: "cilium.io/v2",
    kind: namespace === undefined ? "CiliumClusterwideNetworkPolicy" : "CiliumNetworkPolicy",
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    spec: { endpointSelector: {}, ...spec },
  };
}

/**
 * Denies pods everything in both directions but what a cluster cannot do without. It selects only
 * what has a namespace: Cilium's own endpoints (health checks, Envoy's ingress) have none.
 */
function baselinePolicy({
  excludedNamespaces,
  apiServerPort,
}: NonNullable<NetworkPolicies["baseline"]>): Manifest {
  return manifestOf(BASELINE, {
    description: "Everything is denied but DNS, the Kubernetes API, probes and webhooks",
    endpointSelector: {
      matchExpressions: [
        { key: NAMESPACE_LABEL, operator: "Exists" },
        { key: NAMESPACE_LABEL, operator: "NotIn", values: excludedNamespaces },
      ],
    },
    ingress: [{ fromEntities: ["host", "health", "kube-apiserver"] }],
    egress: [
      DNS_RULE,
      {
        toEntities: ["kube-apiserver"],
        toPorts: [{ ports: [{ port: String(apiServerPort), protocol: "TCP" }] }],
      },
    ],
  });
}
