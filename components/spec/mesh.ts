import { valueAt } from "../values/chartValues";
import type { MeshPeer } from "./cilium/clusterMesh";
import { encryptionTypes } from "./cilium/encryption";
import { DEFAULT_POD_SUBNETS } from "./defaults";
import type { CiliumSpecInput, ClusterSpecInput } from "./schema";

/** The least of a cluster that its mesh has to know. */
type MeshMember = Pick<ClusterSpecInput, "clusterName" | "nodes" | "podSubnets" | "cilium">;

/** Clusters of a mesh, by their names in it. */
type MeshPeers = Readonly<Record<string, MeshPeer>>;

/** Keys of a peer by which its data path is judged. */
export const DATA_PATH = ["routingMode", "tunnelProtocol", "encryption"] as const;

/** How the others of its mesh reach a cluster: at the NodePort of its control planes. Pure. */
export function meshPeer({ nodes, podSubnets, cilium }: MeshMember): MeshPeer {
  return {
    id: cilium.clusterMesh?.id ?? 0,
    ips: nodes
      .filter(({ machineType }) => machineType === "controlplane")
      .map(({ ipAddress }) => ipAddress),
    port: cilium.clusterMesh?.service?.nodePort ?? 32379,
    podSubnets: [...(podSubnets ?? DEFAULT_POD_SUBNETS)],
    ...dataPathOf(cilium),
  };
}

/** What the data path of a cluster is in the end; a word that nobody knows is left out. Pure. */
export function dataPathOf({
  routing,
  encryption,
  values = {},
}: Pick<CiliumSpecInput, "routing" | "encryption" | "values">): Pick<
  MeshPeer,
  (typeof DATA_PATH)[number]
> {
  const wordOf = <T extends string>(path: string, words: readonly T[], otherwise: T) => {
    const own = valueAt(values, path.split(".")) || otherwise;
    return words.find((word) => word === own);
  };
  const mode = wordOf("routingMode", ["tunnel", "native"], routing?.mode ?? "tunnel");
  const protocol = routing?.tunnelProtocol ?? "vxlan";
  const encrypts = valueAt(values, ["encryption", "enabled"]) ?? encryption !== undefined;
  return {
    routingMode: mode,
    ...(mode === "tunnel" && {
      tunnelProtocol: wordOf("tunnelProtocol", ["vxlan", "geneve"], protocol),
    }),
    encryption: encrypts
      ? wordOf("encryption.type", encryptionTypes, encryption?.type ?? "ipsec")
      : "none",
  };
}

/**
 * The clusters of one mesh, each told of all the others; what a cluster says of one itself stays.
 * That names and ids are unique, networks share nothing and data paths are the same is judged with
 * each of them.
 *
 * @throws Error when one has no `cilium.clusterMesh`, or two have the same name in it
 */
export function meshed<T extends MeshMember>(members: readonly T[]): T[] {
  const named = members.map((member) => ({ member, name: meshOf(member).name }));
  const names = named.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new Error(`two clusters of the mesh are named ${twice}: give each a name of its own`);
  }
  return named.map(({ member }) => {
    const others = named.filter((other) => other.member !== member);
    return withMeshPeers(
      member,
      Object.fromEntries(others.map((other) => [other.name, meshPeer(other.member)])),
    );
  });
}

/**
 * A cluster that is told of others, for example of what `meshPeer` gave in another stack. What it says
 * of one itself stays, and the data path that it leaves out is filled in.
 *
 * @throws Error when it has no `cilium.clusterMesh`
 */
export function withMeshPeers<T extends MeshMember>(member: T, peers: MeshPeers): T {
  const mesh = meshOf(member);
  const own = Object.entries(mesh.clusters ?? {}).map(([name, peer]) => {
    const path = DATA_PATH.map((key) => [key, peers[name]?.[key]]);
    return [name, { ...Object.fromEntries(path.filter(([, value]) => value)), ...peer }];
  });
  const clusterMesh = { ...mesh, clusters: { ...peers, ...Object.fromEntries(own) } };
  return { ...member, cilium: { ...member.cilium, clusterMesh } };
}

function meshOf({ clusterName, cilium }: MeshMember) {
  if (cilium.clusterMesh) return cilium.clusterMesh;
  throw new Error(`${clusterName} has no cilium.clusterMesh: give it a name and an id`);
}
