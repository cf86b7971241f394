import type { ChartValues } from "../chartValues";
import { isMap } from "../chartValues";
import { type ClashRule, either, get, on } from "./clashRule";

/** Name, id and partners of a cluster in a mesh; other clusters are not seen from here. */
export const clusterMeshRules: readonly ClashRule[] = [
  {
    id: "mesh-without-id",
    silenceable: true,
    path: "cluster.id",
    breaks: (values) => isInMesh(values) && clusterId(values) === 0,
    reason: "a cluster of a mesh is told apart by its id, and 0 stands for no mesh",
    fix: "set an id from 1 to 255 and a cluster.name that no other cluster of the mesh has",
  },
  {
    id: "cluster-id-range",
    path: "cluster.id",
    breaks: (values) => {
      const id = clusterId(values);
      return !(Number.isInteger(id) && id >= 0 && id <= most(values));
    },
    reason: "identities have room for the ids from 0 to clustermesh.maxConnectedClusters",
    fix: "set an id of 1 to 255; ids to 511 need maxConnectedClusters 511 in every cluster of the mesh",
  },
  {
    id: "mesh-with-itself",
    silenceable: true,
    path: "clustermesh.config.clusters",
    breaks: (values) => names(values).includes(String(either(values, "cluster.name", "default"))),
    reason: "one of the other clusters has the name of this one",
    fix: "give each cluster of the mesh a name of its own, and leave this one out of the list",
  },
  {
    id: "mesh-cluster-twice",
    silenceable: true,
    path: "clustermesh.config.clusters",
    breaks: (values) => new Set(names(values)).size < names(values).length,
    reason: "two of the other clusters have the same name, and the chart keeps only the last",
    fix: "give each cluster of the mesh a name of its own",
  },
  {
    id: "mesh-remote-port",
    silenceable: true,
    path: "clustermesh.config.clusters",
    breaks: (values) => remotes(values).some((remote) => !remote["port"]),
    reason: "a cluster has no port, and the chart puts none in its place",
    fix: "set the port of each, 32379 where its API server is behind a NodePort and 2379 behind a load balancer",
  },
];

function isInMesh(values: ChartValues): boolean {
  return on(values, "clustermesh.useAPIServer") || on(values, "clustermesh.config.enabled");
}

function clusterId(values: ChartValues): number {
  return Number(get(values, "cluster.id") ?? 0);
}

function most(values: ChartValues): number {
  return Number(either(values, "clustermesh.maxConnectedClusters", 255));
}

/** The other clusters that are connected; the chart takes a list, and from 1.19 also a map. */
function remotes(values: ChartValues): ChartValues[] {
  if (!on(values, "clustermesh.config.enabled")) return [];
  const clusters = get(values, "clustermesh.config.clusters");
  const all: unknown[] = Array.isArray(clusters)
    ? clusters
    : isMap(clusters)
      ? Object.entries(clusters).map(([name, remote]) => isMap(remote) && { ...remote, name })
      : [];
  return all.filter(isMap).filter((remote) => remote["enabled"] !== false);
}

function names(values: ChartValues): string[] {
  return remotes(values).map((remote) => String(remote["name"]));
}
