import type { CiliumSpec } from "../../spec";
import type { CiliumObject, Manifest } from "./ciliumObject";
import { graduatedVersion } from "./lbIPAM";

type BGP = NonNullable<CiliumSpec["bgpControlPlane"]>;

/** Marks the advertisements of the spec, so that a family can mean all of them. */
const OURS = { "talos-cilium/bgp": "advertised" };

/** Selects all: an absent selector selects nothing here. */
const EVERYTHING = {
  matchExpressions: [{ key: "talos-cilium/bgp", operator: "NotIn", values: ["withheld"] }],
};

const WELL_KNOWN = /^[a-z]/;

/** The objects of BGP and the Secrets of its passwords. Pure. */
export function bgpObjects({ version, bgpControlPlane: bgp }: CiliumSpec): CiliumObject[] {
  if (!bgp) return [];
  const object = (
    kind: string,
    name: string,
    spec: object,
    labels?: Manifest["metadata"]["labels"],
  ) =>
    ({
      when: "afterReady",
      manifest: {
        apiVersion: graduatedVersion(version),
        kind,
        metadata: { name, ...(labels && { labels }) },
        spec,
      },
    }) as const;
  return [
    ...Object.entries(bgp.peerConfigs).flatMap(([name, config]) => password(name, config)),
    ...Object.entries(bgp.peerConfigs).map(([name, config]) =>
      object("CiliumBGPPeerConfig", name, peerConfig(name, config)),
    ),
    ...Object.entries(bgp.advertisements).map(([name, { labels, advertisements }]) =>
      object(
        "CiliumBGPAdvertisement",
        name,
        { advertisements: advertisements.map(advertised) },
        { ...OURS, ...labels },
      ),
    ),
    ...Object.entries(bgp.clusterConfigs).map(([name, config]) =>
      object("CiliumBGPClusterConfig", name, clusterConfig(config)),
    ),
    ...Object.entries(bgp.nodeConfigOverrides).map(([hostname, override]) =>
      object("CiliumBGPNodeConfigOverride", hostname, override),
    ),
  ];
}

function clusterConfig({ nodeSelector, bgpInstances }: BGP["clusterConfigs"][string]): object {
  return {
    ...(nodeSelector && { nodeSelector }),
    bgpInstances: bgpInstances.map(({ peers, ...instance }) => ({
      ...instance,
      peers: peers.map(({ peerConfig: name, autoDiscovery, ...peer }) => ({
        ...peer,
        ...(autoDiscovery && {
          autoDiscovery: {
            mode: "DefaultGateway",
            defaultGateway: { addressFamily: autoDiscovery },
          },
        }),
        ...(name !== undefined && { peerConfigRef: { name } }),
      })),
    })),
  };
}

function peerConfig(name: string, config: BGP["peerConfigs"][string]): object {
  const { families, passwordFrom, authSecretRef, ebgpMultihop, gracefulRestart, peerPort } = config;
  const { restartTimeSeconds, connectRetryTimeSeconds, holdTimeSeconds, keepAliveTimeSeconds } =
    config;
  const timers = { connectRetryTimeSeconds, holdTimeSeconds, keepAliveTimeSeconds };
  const given = Object.entries(timers).filter(([, seconds]) => seconds !== undefined);
  const secret = passwordFrom === undefined ? authSecretRef : secretName(name);
  return {
    families: families.map(({ afi, advertisements }) => ({
      afi,
      safi: "unicast",
      advertisements: advertisements ?? { matchLabels: OURS },
    })),
    ...(secret !== undefined && { authSecretRef: secret }),
    ...(ebgpMultihop !== undefined && { ebgpMultihop }),
    ...(gracefulRestart && {
      gracefulRestart: { enabled: true, ...(restartTimeSeconds && { restartTimeSeconds }) },
    }),
    ...(given.length > 0 && { timers: Object.fromEntries(given) as object }),
    ...(peerPort !== undefined && { transport: { peerPort } }),
  };
}

function password(name: string, config: BGP["peerConfigs"][string]): CiliumObject[] {
  if (config.passwordFrom === undefined) return [];
  return [
    {
      // A peer that finds no password yet would try without one.
      when: "beforeRelease",
      manifest: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: secretName(name), namespace: "kube-system" },
      },
      secretData: { password: config.passwordFrom },
    },
  ];
}

function secretName(peerConfigName: string): string {
  return `bgp-${peerConfigName}-password`;
}

function advertised(one: BGP["advertisements"][string]["advertisements"][number]): object {
  const { advertisementType, selector, addresses, communities, localPreference } = one;
  const isSelected = advertisementType === "Service" || advertisementType === "CiliumPodIPPool";
  const attributes = {
    ...(communities && { communities: sorted(communities) }),
    ...(localPreference !== undefined && { localPreference }),
  };
  return {
    advertisementType,
    ...(isSelected && { selector: selector ?? EVERYTHING }),
    ...(advertisementType === "Service" && {
      service: { addresses: addresses ?? ["LoadBalancerIP"] },
    }),
    ...(one.interface !== undefined && { interface: { name: one.interface } }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}

/** Communities by their form, as the kind has a list for each. */
function sorted(communities: readonly string[]): object {
  const forms = {
    wellKnown: communities.filter((each) => WELL_KNOWN.test(each)),
    large: communities.filter((each) => each.split(":").length === 3),
    standard: communities.filter((each) => !WELL_KNOWN.test(each) && each.split(":").length < 3),
  };
  return Object.fromEntries(Object.entries(forms).filter(([, list]) => list.length > 0));
}
