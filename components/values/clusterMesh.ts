import type { ChartValues } from "./chartValues";
import { valueAt } from "./chartValues";

/**
 * Certificates of the mesh that a Job of the chart makes, from the CA that is there: with `helm`,
 * the chart's default, the release would want the Secret of the CA as its own.
 */
export function clusterMeshValues(input: { readonly values: ChartValues }): ChartValues {
  return valueAt(input.values, ["clustermesh", "useAPIServer"]) === true
    ? { clustermesh: { apiserver: { tls: { auto: { method: "cronJob" } } } } }
    : {};
}
