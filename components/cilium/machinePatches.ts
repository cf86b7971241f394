import * as pulumi from "@pulumi/pulumi";

import { extraManifestPatch, inlineManifestPatch } from "../patches";
import type { ClusterSpec } from "../spec";
import { JOB, jobManifests } from "./job/jobManifests";
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
