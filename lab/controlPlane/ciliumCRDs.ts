import { gte, coerce } from "semver";
import type { Tree } from "./tree";

const GROUP = "cilium.io";

interface Kind {
  kind: string;
  plural: string;
  scope: "Namespaced" | "Cluster";
  shortNames: string[];
  /** Served versions for a Cilium version; the first is stored. Empty: not there. */
  versions: (cilium: string) => string[];
}

const always =
  (...versions: string[]) =>
  () =>
    versions;
const from = (minor: string, then: string[], before: string[]) => (cilium: string) =>
  gte(coerce(cilium) ?? "0.0.0", `${minor}.0`) ? then : before;

/** v2 and, still served, v2alpha1 from 1.18 on; only v2alpha1 before. */
const GRADUATED = from("1.18", ["v2", "v2alpha1"], ["v2alpha1"]);
const CIDR_GROUP = (cilium: string) => from("1.19", ["v2"], GRADUATED(cilium))(cilium);
const NODE_CONFIG = (cilium: string) =>
  from("1.20", ["v2"], from("1.16", ["v2", "v2alpha1"], ["v2alpha1"])(cilium))(cilium);

const KINDS: Kind[] = [
  namespaced("CiliumNetworkPolicy", "ciliumnetworkpolicies", ["cnp"]),
  cluster("CiliumClusterwideNetworkPolicy", "ciliumclusterwidenetworkpolicies", ["ccnp"]),
  namespaced("CiliumEndpoint", "ciliumendpoints", ["cep"]),
  cluster("CiliumIdentity", "ciliumidentities", ["ciliumid"]),
  cluster("CiliumNode", "ciliumnodes", ["cn"]),
  cluster("CiliumEndpointSlice", "ciliumendpointslices", ["ces"], always("v2alpha1")),
  namespaced("CiliumNodeConfig", "ciliumnodeconfigs", [], NODE_CONFIG),
  cluster("CiliumEgressGatewayPolicy", "ciliumegressgatewaypolicies", ["cegp"]),
  namespaced("CiliumLocalRedirectPolicy", "ciliumlocalredirectpolicies", ["clrp"]),
  cluster("CiliumCIDRGroup", "ciliumcidrgroups", ["ccg"], CIDR_GROUP),
  cluster("CiliumLoadBalancerIPPool", "ciliumloadbalancerippools", ["ippools"], GRADUATED),
  cluster(
    "CiliumL2AnnouncementPolicy",
    "ciliuml2announcementpolicies",
    ["l2announcement"],
    always("v2alpha1"),
  ),
  cluster("CiliumPodIPPool", "ciliumpodippools", ["cpip"], always("v2alpha1")),
  cluster(
    "CiliumBGPPeeringPolicy",
    "ciliumbgppeeringpolicies",
    ["bgpp"],
    from("1.19", [], ["v2alpha1"]),
  ),
  cluster("CiliumBGPClusterConfig", "ciliumbgpclusterconfigs", ["cbgpcluster"], GRADUATED),
  cluster("CiliumBGPPeerConfig", "ciliumbgppeerconfigs", ["cbgppeer"], GRADUATED),
  cluster("CiliumBGPAdvertisement", "ciliumbgpadvertisements", ["cbgpadvert"], GRADUATED),
  cluster("CiliumBGPNodeConfig", "ciliumbgpnodeconfigs", ["cbgpnode"], GRADUATED),
  cluster(
    "CiliumBGPNodeConfigOverride",
    "ciliumbgpnodeconfigoverrides",
    ["cbgpnodeoverride"],
    GRADUATED,
  ),
  namespaced(
    "CiliumGatewayClassConfig",
    "ciliumgatewayclassconfigs",
    ["cgcc"],
    from("1.18", ["v2alpha1"], []),
  ),
];

/** Only there when something configures Envoy: Gateway API, ingress, Envoy configuration, L7 LB. */
const ENVOY_KINDS: Kind[] = [
  namespaced("CiliumEnvoyConfig", "ciliumenvoyconfigs", ["cec"]),
  cluster("CiliumClusterwideEnvoyConfig", "ciliumclusterwideenvoyconfigs", ["ccec"]),
];

/**
 * The CRDs that the stand-in of Cilium's operator registers: names, scope and served versions as
 * upstream, the schema open, so that it says nothing about what Cilium would accept.
 * @param ciliumConfig entries of the ConfigMap `cilium-config`.
 */
export function ciliumCRDs(cilium: string, ciliumConfig: Record<string, string>): Tree[] {
  const envoy = [
    "enable-gateway-api",
    "enable-ingress-controller",
    "enable-envoy-config",
    "loadbalancer-l7",
  ].some((key) => !["", "false", "disabled", undefined].includes(ciliumConfig[key]));
  return [...KINDS, ...(envoy ? ENVOY_KINDS : [])].flatMap((kind) => {
    const versions = kind.versions(cilium);
    return versions.length === 0 ? [] : [definition(kind, versions)];
  });
}

function definition(kind: Kind, versions: string[]): Tree {
  const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${kind.plural}.${GROUP}`,
      annotations: { "lab.talos-cilium/stand-in": "registered by the lab, with an open schema" },
    },
    spec: {
      group: GROUP,
      scope: kind.scope,
      names: {
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural: kind.plural,
        singular: kind.kind.toLowerCase(),
        shortNames: kind.shortNames,
        categories: ["cilium"],
      },
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: open, status: open },
            "x-kubernetes-preserve-unknown-fields": true,
          },
        },
      })),
    },
  };
}

function namespaced(
  kind: string,
  plural: string,
  shortNames: string[],
  versions = always("v2") as Kind["versions"],
): Kind {
  return { kind, plural, scope: "Namespaced", shortNames, versions };
}

function cluster(
  kind: string,
  plural: string,
  shortNames: string[],
  versions = always("v2") as Kind["versions"],
): Kind {
  return { kind, plural, scope: "Cluster", shortNames, versions };
}
