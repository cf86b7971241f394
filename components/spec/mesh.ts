import type { MeshPeer } from "./cilium/clusterMesh";
import { DEFAULT_POD_SUBNETS } from "./defaults";
import type { ClusterSpecInput } from "./schema";

/** The least of a cluster that its mesh has to know. */
type MeshMember = Pick<ClusterSpecInput, "clusterName" | "nodes" | "podSubnets" | "cilium">;

/** How the others of its mesh reach a cluster: at the NodePort of its control planes. Pure. */
export function meshPeer({ nodes, podSubnets, cilium }: MeshMember): MeshPeer {
  return {
    id: cilium.clusterMesh?.id ?? 0,
    ips: nodes
      .filter(({ machineType }) => machineType === "controlplane")
      .map(({ ipAddress }) => ipAddress),
    port: cilium.clusterMesh?.service?.nodePort ?? 32379,
    podSubnets: [...(podSubnets ?? DEFAULT_POD_SUBNETS)],
  };
}

/**
 * The clusters of one mesh, each told of all the others; what a cluster says of one itself stays.
 * That names and ids are unique and networks share nothing is judged with each of them.
 *
 * @throws Error when one has no `cilium.clusterMesh`, or two have the same name in it
 */
export function meshed<T extends MeshMember>(members: readonly T[]): T[] {
  const named = members.map((member) => {
    const { clusterMesh } = member.cilium;
    if (clusterMesh) return { member, mesh: clusterMesh };
    throw new Error(`${member.clusterName} has no cilium.clusterMesh: give it a name and an id`);
  });
  const names = named.map(({ mesh }) => mesh.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new Error(`two clusters of the mesh are named ${twice}: give each a name of its own`);
  }
  return named.map(({ member, mesh }) => {
    const others = named.filter((other) => other.member !== member);
    const clusters = Object.fromEntries(
      others.map((other) => [other.mesh.name, meshPeer(other.member)]),
    );
    const clusterMesh = { ...mesh, clusters: { ...clusters, ...mesh.clusters } };
    return { ...member, cilium: { ...member.cilium, clusterMesh } };
  });
}
