import { ciliumInTheEnd } from "../../migration/staged";
import type { Problem } from "../../problems";
import type { ClusterSpec } from "../../spec";
import { isRendered } from "../../spec";
import { cliProblems } from "../cli/cliVersion";
import { releaseProblems, releaseValues, surroundingsOf } from "../releaseValues";
import { HOSTED_KEYS } from "./refusals";
import { type Rendering, renderCilium } from "./renderCilium";

/** Bytes of a message to a machine: its whole configuration has to go into one. */
const MESSAGE_LIMIT = 32 * 1024 * 1024;
/** Bytes of it that are left to all else in the configuration. */
const RESERVED = 1024 * 1024;

/** Cilium's chart for a cluster that passed its checks. */
export function clusterRendering(spec: ClusterSpec, directory?: string): Rendering {
  const { kubernetesVersion } = spec;
  const cilium = ciliumInTheEnd(spec.cilium);
  const { values } = releaseValues(cilium, surroundingsOf(spec), directory);
  return renderCilium(cilium, values, kubernetesVersion, directory);
}

/**
 * What is wrong with Cilium in a cluster, its render included where the method needs one: nothing is
 * registered before that is known.
 */
export function installProblems(
  spec: ClusterSpec,
  isFaulty: boolean,
  directory?: string,
): readonly Problem[] {
  const problems = releaseProblems(spec, isFaulty, directory);
  const { installMethod } = spec.cilium;
  if (isFaulty || problems.length > 0) return problems;
  if (!isRendered(installMethod)) return cliProblems(spec.cilium);
  const { rendered, problems: unrendered } = clusterRendering(spec, directory);
  if (!rendered) return unrendered;
  if (installMethod === "hosted" && rendered.isSecret) return [HOSTED_KEYS];
  return installMethod === "inline" ? sizeProblems(rendered.text) : [];
}

/** A manifest that no machine takes. Pure. */
export function sizeProblems(text: string, limit = MESSAGE_LIMIT - RESERVED): Problem[] {
  const bytes = Buffer.byteLength(text);
  if (bytes <= limit) return [];
  const megabytes = (size: number) => `${(size / 1024 / 1024).toFixed(1)} MiB`;
  return [
    {
      id: "inline-manifest-size",
      propertyPath: "cilium.installMethod",
      got: "inline",
      reason: `the chart renders to ${megabytes(bytes)}, and machines take ${megabytes(limit)} in their configuration`,
      fix: "leave dashboards out of cilium.values, or choose another method",
    },
  ];
}
