import type { Problem } from "../../problems";
import { type CiliumSpec, DEFAULT_CHART, DEFAULT_CHART_REPOSITORY, isByTalos } from "../../spec";
import { chartReference, isLocalChart } from "../chartReference";

/** Where a GitOps engine finds the chart: it has neither the folders nor the archives of this computer. */
export interface ChartSource {
  readonly isOCI: boolean;
  /** Of the repository, or of the registry without `oci://`; without the chart. */
  readonly url: string;
  readonly chart: string;
}

/** The chart's own place where it is a repository or a registry, else `repositoryOpts.repo`. */
export function chartSource(cilium: CiliumSpec): ChartSource {
  const reference = chartReference(cilium.chart);
  if (reference.kind === "oci") {
    return { isOCI: true, url: reference.registry, chart: reference.name };
  }
  const { repo = DEFAULT_CHART_REPOSITORY } = cilium.repositoryOpts;
  return {
    isOCI: false,
    url: repo,
    chart: reference.kind === "name" ? cilium.chart : DEFAULT_CHART,
  };
}

/** A chart that the engine cannot have as it stands here. */
export function handOverWarnings(cilium: CiliumSpec, directory?: string): Problem[] {
  const { kind } = chartReference(cilium.chart, directory);
  if (!cilium.managedBy || kind === "name" || kind === "oci") return [];
  const { url, chart } = chartSource(cilium);
  const why = isLocalChart(cilium.chart, directory)
    ? "cannot read it from here"
    : "takes a chart by its name, of a repository whose URL it is given";
  return [
    {
      id: "hand-over-chart",
      propertyPath: "cilium.chart",
      got: cilium.chart,
      reason: `${cilium.managedBy} ${why}, and is told to take ${chart} ${cilium.version} of ${url}`,
      fix: "put the chart into a registry and write oci://…, or name another repository in repositoryOpts.repo",
    },
  ];
}

/** What Talos applied it would apply again, or prune: it cannot be handed over. Pure. */
export function handOverProblems({ managedBy, installMethod }: CiliumSpec): Problem[] {
  if (!managedBy || !isByTalos(installMethod)) return [];
  return [
    {
      id: "hand-over-machines",
      propertyPath: "cilium.managedBy",
      got: managedBy,
      reason: `with installMethod ${installMethod} Talos holds what installs Cilium, and sets it back or prunes it at upgrade-k8s`,
      fix: "change to installMethod release first, then hand that over",
    },
  ];
}
