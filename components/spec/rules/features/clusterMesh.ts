import { contains, overlap, parseAddress, parseCidr } from "../../cidr";
import { DATA_PATH, dataPathOf } from "../../mesh";
import { nodeAddresses, podNetworks, poolNetworks, serviceNetworks } from "../../networks";
import { isHostName } from "../../kubernetesNames";
import { propertyPath } from "../../propertyPath";
import type { CiliumSpec, ClusterSpec } from "../../schema";
import type { Finding, Rule } from "../rule";
import { ownValue } from "./chartValue";
import type { CiliumRule } from "./ciliumRule";

/** The clusters of a mesh, as one of them knows them. */
export const clusterMeshRules: readonly CiliumRule[] = [
  { id: "mesh-name", check: meshName },
  { id: "mesh-id-twice", check: meshIdTwice },
  { id: "mesh-peer-id", check: meshPeerId },
  { id: "mesh-peer-address", check: meshPeerAddress },
  { id: "mesh-peer-subnets", check: meshPeerSubnets },
  { id: "mesh-data-path", silenceable: true, check: meshDataPath },
  { id: "mesh-ipsec-key", silenceable: true, check: meshIPsecKey },
  { id: "mesh-native-routing", check: meshNativeRouting },
];

/** What needs the cluster's own networks. */
export const meshClusterRules: readonly Rule[] = [{ id: "mesh-subnets", check: meshSubnets }];

const NAME = /^(?=.{1,32}$)([a-z0-9][-a-z0-9]*)?[a-z0-9]$/;

function* meshName({ clusterMesh }: CiliumSpec): Iterable<Finding> {
  if (!clusterMesh) return;
  const { name, clusters } = clusterMesh;
  const names: [string, string][] = [
    ["cilium.clusterMesh.name", name],
    ...Object.keys(clusters).map((each): [string, string] => [at(each), each]),
  ];
  for (const [path, got] of names) {
    if (NAME.test(got) && got !== "default") continue;
    yield {
      propertyPath: path,
      got,
      reason:
        "a cluster of a mesh has a name of 1 to 32 lower-case letters, digits and hyphens, and it is not default",
      fix: "write for example home; a running cluster cannot be renamed without making its pods anew",
    };
  }
  if (!(name in clusters)) return;
  yield {
    propertyPath: at(name),
    got: name,
    reason: "this is the name of the cluster itself",
    fix: "give each cluster of the mesh a name of its own, and leave this one out",
  };
}

function* meshIdTwice({ clusterMesh }: CiliumSpec): Iterable<Finding> {
  if (!clusterMesh) return;
  const owners = new Map([[clusterMesh.id, "this cluster"]]);
  for (const [name, { id: got }] of Object.entries(clusterMesh.clusters)) {
    const owner = owners.get(got);
    if (owner === undefined) {
      owners.set(got, name);
      continue;
    }
    yield {
      propertyPath: at(name, "id"),
      got,
      reason: `${owner} has the same id, and pods of both would be taken for one another`,
      fix: "give each cluster of the mesh an id of its own",
    };
  }
}

function* meshPeerId(cilium: CiliumSpec): Iterable<Finding> {
  const most = Number(ownValue(cilium, "clustermesh.maxConnectedClusters") ?? 255);
  for (const [name, { id: got }] of Object.entries(cilium.clusterMesh?.clusters ?? {})) {
    if (got <= most || Number.isNaN(most)) continue;
    yield {
      propertyPath: at(name, "id"),
      got,
      reason: `identities have room for ids up to ${most}`,
      fix: "choose an id of 1 to 255; ids to 511 need the value clustermesh.maxConnectedClusters: 511 in every cluster of the mesh",
    };
  }
}

function* meshPeerAddress({ clusterMesh }: CiliumSpec): Iterable<Finding> {
  for (const [name, { ips, address }] of Object.entries(clusterMesh?.clusters ?? {})) {
    const isOne = (ips !== undefined && ips.length > 0) !== (address !== undefined);
    const isName = address === undefined || isHostName(address.toLowerCase().replace(/\.$/, ""));
    const wrong =
      (ips ?? []).find((ip) => !parseAddress(ip)) ??
      (isName || parseAddress(address) ? undefined : address);
    if (isOne && wrong === undefined) continue;
    yield {
      propertyPath: at(name, ips === undefined ? "address" : "ips"),
      got: wrong ?? ips ?? address,
      reason:
        wrong === undefined
          ? "a cluster is reached at addresses or at a name"
          : ips === undefined
            ? "it is no DNS name; the port stands beside it"
            : "it is no address",
      fix: "write ips: [10.6.0.11], or address alone",
    };
  }
}

function* meshPeerSubnets({ clusterMesh }: CiliumSpec): Iterable<Finding> {
  const seen: { name: string; text: string }[] = [];
  for (const [name, { podSubnets }] of Object.entries(clusterMesh?.clusters ?? {})) {
    for (const [index, got] of podSubnets.entries()) {
      const range = parseCidr(got);
      const other = seen.find(({ text }) => range && overlap(range, parseCidr(text)!));
      if (range && !other) continue;
      yield {
        propertyPath: at(name, "podSubnets", index),
        got,
        reason: other
          ? `it shares addresses with the pods of ${other.name} (${other.text})`
          : "it is no network in CIDR notation",
        fix: other
          ? "give the clusters of a mesh pod networks that have no address in common"
          : "write the podSubnets of that cluster",
      };
    }
    seen.push(...podSubnets.filter(parseCidr).map((text) => ({ name, text })));
  }
}

/** What is not left out of a peer and not as it is here. Only WireGuard has to be everywhere or nowhere. */
function* meshDataPath(cilium: CiliumSpec): Iterable<Finding> {
  const own = dataPathOf(cilium);
  for (const [name, peer] of Object.entries(cilium.clusterMesh?.clusters ?? {})) {
    for (const key of DATA_PATH) {
      const [ours, got] = [own[key], peer[key]];
      if (ours === undefined || got === undefined || ours === got) continue;
      if (key === "tunnelProtocol" && peer.routingMode === "native") continue;
      if (key === "encryption" && ours !== "wireguard" && got !== "wireguard") continue;
      yield {
        propertyPath: at(name, key),
        got,
        reason: `here it is ${ours}, and what one cluster of a mesh sends the other does not understand`,
        fix: "give all clusters of the mesh the same, by routing.mode, routing.tunnelProtocol and encryption of each",
      };
    }
  }
}

function* meshIPsecKey(cilium: CiliumSpec): Iterable<Finding> {
  const { type, ipsec } = cilium.encryption ?? {};
  if (Object.keys(cilium.clusterMesh?.clusters ?? {}).length === 0 || type !== "ipsec") return;
  if (ipsec?.existingSecret ?? ownValue(cilium, "encryption.ipsec.secretName")) return;
  yield {
    propertyPath: "cilium.encryption.ipsec.existingSecret",
    reason: "each cluster generates a key of its own, and what one encrypts the others cannot read",
    fix: "name a Secret that holds the same key in all clusters of the mesh, or encrypt with wireguard",
  };
}

// The pods of other clusters would see the address of the node instead of the pod's.
function* meshNativeRouting(cilium: CiliumSpec): Iterable<Finding> {
  const own = (key: string) => ownValue(cilium, key);
  if (dataPathOf(cilium).routingMode !== "native" || own("ipMasqAgent.enabled") === true) return;
  for (const family of ["IPv4", "IPv6"] as const) {
    const isOn = own(`${family.toLowerCase()}.enabled`) ?? family === "IPv4";
    if (isOn !== true || own(`enable${family}Masquerade`) === false) continue;
    const key = `${family === "IPv4" ? "ipv4" : "ipv6"}NativeRoutingCIDR` as const;
    const got = own(key) ?? cilium.routing?.[key];
    const native = parseCidr(String(got));
    const outside = Object.values(cilium.clusterMesh?.clusters ?? {})
      .flatMap(({ podSubnets }) => podSubnets)
      .map(parseCidr)
      .find((pods) => pods?.family === family && !(native && contains(native, pods)));
    if (!outside) continue;
    yield {
      propertyPath: `cilium.routing.${key}`,
      ...(got !== undefined && { got }),
      reason: `pods of another cluster (${outside.text}) lie outside, so that what goes to them is masqueraded`,
      fix: "write a network that holds the pods of all clusters of the mesh",
    };
  }
}

/** What of this cluster is known; where only Cilium is installed, that is less. */
type Own = Pick<ClusterSpec, "cilium" | "podSubnets"> &
  Partial<Pick<ClusterSpec, "serviceSubnets" | "nodes">>;

/** Addresses of other clusters that are taken in this one. Services of both may share theirs. Pure. */
export function* meshSubnets(own: Own): Iterable<Finding> {
  const { serviceSubnets = [], nodes = [] } = own;
  const inner = [
    ...[...podNetworks(own), ...poolNetworks(own)].map((range) => ({
      ...range,
      whose: "the pods",
    })),
    ...serviceNetworks({ serviceSubnets }).map((range) => ({ ...range, whose: "the services" })),
  ];
  const machines = nodeAddresses({ nodes }).map((range) => ({ ...range, whose: "a machine" }));
  for (const [name, { podSubnets, ips = [] }] of Object.entries(
    own.cilium.clusterMesh?.clusters ?? {},
  )) {
    for (const [index, got] of podSubnets.entries()) {
      const range = parseCidr(got);
      const other = range && [...inner, ...machines].find((each) => overlap(range, each));
      if (!other) continue;
      yield {
        propertyPath: at(name, "podSubnets", index),
        got,
        reason: `it shares addresses with ${other.whose} of this cluster (${other.propertyPath}, ${other.text})`,
        fix: "give each cluster of a mesh pod networks whose addresses nothing else in the mesh has",
      };
    }
    for (const [index, got] of ips.entries()) {
      const address = parseAddress(got);
      const machine = address && machines.find((each) => overlap(each, address));
      if (machine) {
        yield {
          propertyPath: at(name, "ips", index),
          got,
          reason: `it is the address of a machine of this cluster (${machine.propertyPath})`,
          fix: "write addresses of the machines of that cluster",
        };
      }
      const other = address && inner.find((network) => contains(network, address));
      if (!other) continue;
      yield {
        propertyPath: at(name, "ips", index),
        got,
        reason: `it lies among ${other.whose} of this cluster (${other.propertyPath}, ${other.text}), so that nothing leads out to it`,
        fix: "write addresses of the machines of that cluster, and move the network if they are in it",
      };
    }
  }
}

function at(...path: readonly (string | number)[]): string {
  return propertyPath(["cilium", "clusterMesh", "clusters", ...path]);
}
