import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { ChartValues } from "../../values";
import { chartReference } from "../chartReference";

/** Helm cannot render: it is not there, or it says why not. */
export class HelmError extends Error {
  constructor(
    readonly reason: string,
    readonly isMissing: boolean,
  ) {
    super(reason);
  }
}

/** A chart, and what it is rendered for. */
export interface ChartRequest {
  /** A bare name, a folder, an archive or `oci://…`. */
  readonly chart: string;
  readonly version: string;
  /** Repository of a bare name. */
  readonly repo?: string;
  /** Without `v`. @default what this Helm takes for current */
  readonly kubernetesVersion?: string;
  /** What a cluster would serve beyond Kubernetes itself, `group/version/Kind`. */
  readonly apiVersions?: readonly string[];
}

/** Arguments of `helm template`, which asks no cluster. Pure. */
export function templateArguments(request: ChartRequest): string[] {
  const { chart, version, repo, kubernetesVersion, apiVersions = [] } = request;
  return [
    ...["template", "cilium", chart, "--namespace", "kube-system", "--skip-tests"],
    ...["--version", version, "--values", "-"],
    ...(repo === undefined ? [] : ["--repo", repo]),
    ...(kubernetesVersion === undefined ? [] : ["--kube-version", kubernetesVersion]),
    ...apiVersions.flatMap((apiVersion) => ["--api-versions", apiVersion]),
  ];
}

/**
 * Whether a file or folder here is called like a chart of a repository: Helm's command line would take that, of
 * whatever version, and leave the repository out. The provider of releases does not.
 */
function isShadowed({ chart, repo }: ChartRequest, directory: string): boolean {
  return (
    repo !== undefined &&
    chartReference(chart, directory).kind === "name" &&
    existsSync(path.resolve(directory, chart))
  );
}

/**
 * Runs `helm template`: the program that `HELM_BIN` names, else `helm` on PATH.
 *
 * The program waits for it: what it gives decides what is registered.
 *
 * @throws HelmError
 */
export function runTemplate(request: ChartRequest, values: ChartValues, directory: string): string {
  const aside = isShadowed(request, directory)
    ? mkdtempSync(path.join(tmpdir(), "chart-"))
    : undefined;
  try {
    return execFileSync(process.env["HELM_BIN"] ?? "helm", templateArguments(request), {
      cwd: aside ?? directory,
      input: JSON.stringify(values),
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
      timeout: 120_000,
      maxBuffer: 256 * 1024 * 1024,
    });
  } catch (error) {
    const { code, stderr, message } = error as { code?: string; stderr?: string; message: string };
    if (code === "ENOENT") throw new HelmError("there is no helm on PATH", true);
    const said = (stderr ?? "").replace(/^(Error: |Use --debug.*$)/gm, "").trim();
    throw new HelmError(said || message, false);
  } finally {
    if (aside !== undefined) rmdirSync(aside);
  }
}
