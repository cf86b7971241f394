import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { logFindings } from "../../logFindings";
import { formatProblems } from "../../problems";
import { sift } from "../../silencing";
import type { ClusterSpec } from "../../spec";
import { clusterRendering } from "../rendering/clusterRendering";
import { fetchDigest } from "./fetchDigest";
import { type HostedManifest, hostedFindings } from "./hostedFindings";

/**
 * Writes Cilium's objects for the web server and asks it for them. A preview warns where it has others,
 * an update refuses to go on.
 *
 * @returns nothing with another method
 * @throws ResourceError in an update
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
  writeChanged(path.resolve(directory, file), text);
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

/** A web server goes by the time of a file: it keeps the one of the last change. */
function writeChanged(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  let before: string | undefined;
  try {
    before = readFileSync(file, "utf8");
  } catch {
    // It is not there yet; where it cannot be written, that says why.
  }
  if (before !== text) writeFileSync(file, text);
}
