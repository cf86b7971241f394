import type { ClusterMesh } from "../spec/cilium/clusterMesh";
import type { ChartValues } from "./chartValues";
import { mergeValues, valueAt } from "./chartValues";
import { CONTROL_PLANE_TOLERATIONS } from "./hubble";

/**
 * Name and id of the cluster, its API server for the mesh and the other clusters.
 *
 * Certificates of the mesh are made by a Job of the chart, from the CA that is there: with `helm`,
 * the chart's default, the release would want the Secret of the CA as its own.
 */
export function clusterMeshValues(input: {
  readonly values: ChartValues;
  readonly clusterMesh?: ClusterMesh;
  /** Whether control planes are the only nodes, and take no ordinary pods. */
  readonly onlyControlPlanes?: boolean;
}): ChartValues {
  const { values, clusterMesh, onlyControlPlanes = false } = input;
  const ours = clusterMesh ? meshValues(clusterMesh) : {};
  const serves = valueAt(mergeValues(ours, values), ["clustermesh", "useAPIServer"]) === true;
  if (!serves) return ours;
  const running = onlyControlPlanes ? { tolerations: CONTROL_PLANE_TOLERATIONS } : {};
  return mergeValues(ours, {
    clustermesh: { apiserver: { ...running, tls: { auto: { method: "cronJob" } } } },
    ...(onlyControlPlanes && { certgen: running }),
  });
}

function meshValues({ name, id, service, clusters }: ClusterMesh): ChartValues {
  const remotes = Object.entries(clusters).map(([remote, { ips, address, port }]) => ({
    name: remote,
    port,
    ...(address === undefined ? { ips: ips ?? [] } : { address }),
  }));
  return {
    cluster: { name, id },
    clustermesh: {
      useAPIServer: true,
      ...(service && { apiserver: { service: known(service) } }),
      ...(remotes.length > 0 && { config: { enabled: true, clusters: remotes } }),
    },
  };
}

function known(values: object): ChartValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
