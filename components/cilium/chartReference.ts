import { statSync } from "node:fs";
import path from "node:path";

/** What `cilium.chart` names, as Helm reads it. */
export type ChartReference =
  /** On this computer. */
  | { readonly kind: "folder" | "archive" }
  /** A chart of `repositoryOpts.repo`, else of Cilium's own repository. */
  | { readonly kind: "name" }
  /** `repo/name`: a chart of a repository that `helm repo add` noted down on this computer. */
  | { readonly kind: "repoName"; readonly repo: string; readonly name: string }
  | {
      readonly kind: "oci";
      /** Host and path above the chart, without `oci://`. */
      readonly registry: string;
      readonly name: string;
      readonly tag?: string;
      readonly digest?: string;
    }
  /** Any other URL: of an archive. */
  | { readonly kind: "url" };

const OCI = /^oci:\/\/(?<registry>.+)\/(?<name>[^/:@]+)(?::(?<tag>[^/:@]+))?(?:@(?<digest>.+))?$/;

/**
 * Sorts a reference. Only a folder tells `charts/cilium` from a chart of the repository `charts`. Pure.
 *
 * @param isFolder whether there is a folder at a path
 */
export function sortedChart(chart: string, isFolder: (path: string) => boolean): ChartReference {
  const oci = OCI.exec(chart)?.groups as { registry: string; name: string } | undefined;
  if (oci) return { kind: "oci", ...oci };
  if (chart.includes("://")) return { kind: "url" };
  if (chart.endsWith(".tgz")) return { kind: "archive" };
  const [repo = "", name, ...deeper] = chart.split("/");
  const isPath = /^[./~]/.test(chart) || deeper.length > 0 || name === "";
  if (isPath || (name !== undefined && isFolder(chart))) return { kind: "folder" };
  return name === undefined ? { kind: "name" } : { kind: "repoName", repo, name };
}

/** @param directory what a relative path is relative to */
export function chartReference(chart: string, directory = process.cwd()): ChartReference {
  const place = (file: string) =>
    statSync(path.resolve(directory, file), { throwIfNoEntry: false });
  return sortedChart(chart, (file) => place(file)?.isDirectory() ?? false);
}

/** Whether a chart is a file or folder of this computer. */
export function isLocalChart(chart: string, directory?: string): boolean {
  const { kind } = chartReference(chart, directory);
  return kind === "folder" || kind === "archive";
}
