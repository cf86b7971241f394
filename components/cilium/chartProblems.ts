import { existsSync } from "node:fs";
import path from "node:path";

import type { Problem } from "../problems";
import { localChartVersion } from "../values";
import { chartReference, isLocalChart } from "./chartReference";

/**
 * A local chart that is not there. The provider looks for one only when it knows the cluster, so
 * the first preview would pass without it.
 *
 * @param chart as in the cluster spec: a bare name, a folder, an archive or `oci://…`.
 * @param directory what a relative path is relative to.
 */
export function chartProblems(chart: string, directory = process.cwd()): Problem[] {
  if (!isLocalChart(chart, directory)) return [];
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
  if (!isLocalChart(chart, directory)) return [];
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

/** A tag beside another version: Helm ends at it, and the CLI goes by the version. */
export function chartTagProblems(chart: string, version: string): Problem[] {
  const reference = chartReference(chart);
  if (reference.kind !== "oci" || reference.tag === undefined) return [];
  const { registry, name, tag } = reference;
  if (tag === version.replace(/^v/, "")) return [];
  return [
    {
      id: "chart-tag",
      propertyPath: "cilium.chart",
      got: chart,
      reason: `its tag is ${tag}, and cilium.version ${version}`,
      fix: `write "oci://${registry}/${name}": the version is the tag`,
    },
  ];
}
