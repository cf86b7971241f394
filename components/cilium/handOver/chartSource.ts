import type { Problem } from "../../problems";
import { type CiliumSpec, DEFAULT_CHART, DEFAULT_CHART_REPOSITORY, isByTalos } from "../../spec";

/** Where a GitOps engine finds the chart: it has neither the folders nor the archives of this computer. */
export interface ChartSource {
  readonly isOCI: boolean;
  /** Of the repository, or of the registry without `oci://`; without the chart. */
  readonly url: string;
  readonly chart: string;
}

/** The chart's own place where it is a repository or a registry, else `repositoryOpts.repo`. Pure. */
export function chartSource(cilium: CiliumSpec): ChartSource {
  const [, url, chart] = /^oci:\/\/(.+)\/([^/]+)$/.exec(cilium.chart) ?? [];
  if (url !== undefined && chart !== undefined) return { isOCI: true, url, chart };
  const { repo = DEFAULT_CHART_REPOSITORY } = cilium.repositoryOpts;
  return { isOCI: false, url: repo, chart: isFound(cilium) ? cilium.chart : DEFAULT_CHART };
}

function isFound({ chart }: CiliumSpec): boolean {
  return !chart.includes("/") && !chart.endsWith(".tgz");
}

/** A chart that the engine cannot have as it stands here. Pure. */
export function handOverWarnings(cilium: CiliumSpec): Problem[] {
  if (!cilium.managedBy || isFound(cilium)) return [];
  const { isOCI, url, chart } = chartSource(cilium);
  if (isOCI) return [];
  return [
    {
      id: "hand-over-chart",
      propertyPath: "cilium.chart",
      got: cilium.chart,
      reason: `${cilium.managedBy} cannot read it from here, and is told to take ${chart} ${cilium.version} of ${url}`,
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
