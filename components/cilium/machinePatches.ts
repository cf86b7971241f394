import * as pulumi from "@pulumi/pulumi";

import { extraManifestPatch, inlineManifestPatch } from "../patches";
import { type ClusterSpec, isByTalos, isRendered } from "../spec";
import { JOB, jobManifests } from "./job/jobManifests";
import { resourceName } from "./manifests";
import type { NotedMethod } from "./pruning";
import { releaseValues, surroundingsOf } from "./releaseValues";
import { clusterRendering } from "./rendering/clusterRendering";
import { manifestText } from "./rendering/manifestText";

/** Cilium for the machine configuration of control planes, where it lands with the bootstrap. */
export function ciliumPatches(spec: ClusterSpec): pulumi.Input<string>[] {
  const { cilium } = spec;
  switch (cilium.installMethod) {
    case "inline": {
      const { text, isSecret } = clusterRendering(spec).rendered!;
      const patch = inlineManifestPatch("cilium", text);
      return [isSecret ? pulumi.secret(patch) : patch];
    }
    case "hosted":
      return [extraManifestPatch(cilium.hosted!.url)];
    case "job": {
      const { values } = releaseValues(cilium, surroundingsOf(spec));
      return [inlineManifestPatch(JOB, manifestText(jobManifests(cilium, values)))];
    }
    default:
      return [];
  }
}

/** What these patches bring into a cluster, for the state: Talos may delete it once they lack it. */
export function notedMethod(spec: ClusterSpec): NotedMethod {
  const { installMethod } = spec.cilium;
  // Of a Job nothing is to be kept: it goes with the method.
  if (!isByTalos(installMethod) || !isRendered(installMethod)) return { installMethod };
  const { objects } = clusterRendering(spec).rendered!;
  // As Talos' own list has it: the kind, a space, then the name.
  return { installMethod, byTalos: objects.map((object) => resourceName(object, " ")) };
}
