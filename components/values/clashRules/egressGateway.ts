import { type ClashRule, either, isTrue, on, replacesKubeProxy } from "./clashRule";

const GATEWAY = "egressGateway.enabled";

/** What leaves the cluster through chosen nodes. */
export const egressGatewayRules: readonly ClashRule[] = [
  {
    id: "egress-gateway-without-masquerade",
    silenceable: true,
    path: GATEWAY,
    breaks: (values) => on(values, GATEWAY) && !isTrue(values, "bpf.masquerade"),
    reason: "addresses are exchanged in eBPF, which bpf.masquerade switches on",
    fix: "set bpf.masquerade to true",
  },
  {
    id: "egress-gateway-without-replacement",
    silenceable: true,
    path: GATEWAY,
    breaks: (values) => on(values, GATEWAY) && !replacesKubeProxy(values),
    reason: "it stands on Cilium's own services in eBPF, which kube-proxy makes here",
    fix: "set kubeProxyReplacement to true, and kubeProxy of the cluster to false",
  },
  {
    id: "egress-gateway-identities",
    silenceable: true,
    path: "identityAllocationMode",
    breaks: (values) =>
      on(values, GATEWAY) && either(values, "identityAllocationMode", "crd") !== "crd",
    reason:
      "an egress gateway looks for pods among CiliumEndpoints, which identities in a kvstore do not make",
    fix: "set it to crd",
  },
  {
    id: "egress-gateway-endpoint-slices",
    silenceable: true,
    path: "ciliumEndpointSlice.enabled",
    breaks: (values) => on(values, GATEWAY) && on(values, "ciliumEndpointSlice.enabled"),
    reason:
      "an egress gateway looks for pods among CiliumEndpoints, which slices take the place of",
    fix: "set it to false",
  },
  {
    id: "egress-gateway-mesh",
    warns: true,
    path: GATEWAY,
    breaks: (values) =>
      on(values, GATEWAY) &&
      (on(values, "clustermesh.useAPIServer") || on(values, "clustermesh.config.enabled")),
    reason: "a gateway serves only pods of its own cluster, whatever the mesh connects",
    fix: "select only pods and nodes of one cluster in each policy, and silence this",
  },
];
