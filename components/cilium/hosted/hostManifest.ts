import { createHash } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import { logFindings } from "../../logFindings";
import { formatProblems } from "../../problems";
import { sift } from "../../silencing";
import type { ClusterSpec } from "../../spec";
import { clusterRendering } from "../rendering/clusterRendering";
import { fetchDigest } from "./fetchDigest";
import { writeHosted } from "./hostedFile";
import { type HostedManifest, hostedFindings } from "./hostedFindings";

/**
 * Writes Cilium's objects for the web server and asks it for them. A preview warns where it has others,
 * an update refuses to go on.
 *
 * @returns nothing with another method
 * @throws ResourceError in an update, and where the file cannot be written in a preview too
 */
export function hostManifest(
  spec: ClusterSpec,
  component: pulumi.Resource,
  directory = process.cwd(),
): HostedManifest | undefined {
  const { installMethod, hosted } = spec.cilium;
  if (installMethod !== "hosted" || !hosted) return undefined;
  const { text } = clusterRendering(spec, directory).rendered!;
  const { url, file = `cilium-${spec.clusterName}.yaml` } = hosted;
  const unwritten = writeHosted(file, text, directory);
  if (unwritten.length > 0)
    throw new pulumi.ResourceError(formatProblems(unwritten), component, true);
  const manifest = { file, url, sha256: createHash("sha256").update(text).digest("hex") };
  const { problems, ...heard } = sift(
    hostedFindings(manifest, fetchDigest(url)),
    spec.silencedRules,
  );
  const refuses = problems.length > 0 && !pulumi.runtime.isDryRun();
  if (refuses) throw new pulumi.ResourceError(formatProblems(problems), component, true);
  logFindings(component, { ...heard, warnings: problems }, spec.silencedRules);
  return manifest;
}
