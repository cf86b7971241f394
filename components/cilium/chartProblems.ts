import { existsSync } from "node:fs";
import path from "node:path";

import type { Problem } from "../problems";
import { localChartVersion } from "../values";

/**
 * A local chart that is not there. The provider looks for one only when it knows the cluster, so
 * the first preview would pass without it.
 *
 * @param chart as in the cluster spec: a bare name, a folder, an archive or `oci://…`.
 * @param directory what a relative path is relative to.
 */
export function chartProblems(chart: string, directory = process.cwd()): Problem[] {
  if (!isLocalChart(chart)) return [];
  const file = path.resolve(directory, chart);
  if (existsSync(chart.endsWith(".tgz") ? file : path.join(file, "Chart.yaml"))) return [];
  return [
    {
      id: "chart-missing",
      propertyPath: "cilium.chart",
      got: chart,
      reason: existsSync(file)
        ? `${file} is no chart: it has no Chart.yaml`
        : `${file} is not there`,
      fix: 'give the path of a chart, or "cilium" for the one of repositoryOpts.repo',
    },
  ];
}

/** A local chart of another version than the one that is asked for: Helm installs it all the same. */
export function chartWarnings(
  chart: string,
  version: string,
  directory = process.cwd(),
): Problem[] {
  if (!isLocalChart(chart)) return [];
  const own = localChartVersion(path.resolve(directory, chart));
  if (own === undefined || own === version.replace(/^v/, "")) return [];
  return [
    {
      id: "chart-version",
      propertyPath: "cilium.version",
      got: version,
      reason: `the chart at ${chart} is ${own}: that is installed, and its values are judged as those of ${version}`,
      fix: `write ${own}, or give the chart of ${version}`,
    },
  ];
}

/** Whether a chart is meant to be a file or folder: a bare name or a URL is not. Pure. */
export function isLocalChart(chart: string): boolean {
  return !chart.includes("://") && (/^[./~]/.test(chart) || chart.endsWith(".tgz"));
}
