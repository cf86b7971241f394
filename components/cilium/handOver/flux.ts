import type { CiliumSpec } from "../../spec";
import type { ChartValues } from "../../values";
import type { Manifest } from "../objects";
import { chartSource } from "./chartSource";

/** Name of the Secret that holds values which are secret, key `values.yaml`. */
export const VALUES_SECRET = "cilium-values";

const METADATA = { name: "cilium", namespace: "kube-system" };
const SOURCES = "source.toolkit.fluxcd.io/v1";

/**
 * Flux' source of the chart and its HelmRelease. It has the name and the namespace of the release
 * that is there, so that Flux upgrades that one. Pure.
 *
 * @param hasSecrets whether the Secret {@link VALUES_SECRET} holds the rest of the values
 * @param readyTimeout seconds that agents have to roll; Flux' own five minutes are few for many nodes
 */
export function fluxObjects(
  cilium: CiliumSpec,
  values: ChartValues,
  hasSecrets: boolean,
  readyTimeout: number,
): Manifest[] {
  const { isOCI, url, chart } = chartSource(cilium);
  const source: Manifest = isOCI
    ? {
        apiVersion: SOURCES,
        kind: "OCIRepository",
        metadata: METADATA,
        spec: {
          interval: "24h",
          url: `oci://${url}/${chart}`,
          ref: { tag: cilium.version },
          layerSelector: {
            mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
            operation: "copy",
          },
        },
      }
    : {
        apiVersion: SOURCES,
        kind: "HelmRepository",
        metadata: METADATA,
        spec: { interval: "24h", url },
      };
  const sourceRef = { kind: source.kind, name: METADATA.name };
  const release: Manifest = {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    // Flux uninstalls what it prunes, and a cluster has no network without it.
    metadata: { ...METADATA, annotations: { "kustomize.toolkit.fluxcd.io/prune": "disabled" } },
    spec: {
      interval: "1h",
      timeout: `${readyTimeout}s`,
      releaseName: "cilium",
      maxHistory: 10,
      ...(isOCI
        ? { chartRef: sourceRef }
        : { chart: { spec: { chart, version: cilium.version, sourceRef } } }),
      ...(hasSecrets && { valuesFrom: [{ kind: "Secret", name: VALUES_SECRET }] }),
      values,
    },
  };
  return [source, release];
}
