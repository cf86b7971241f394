import * as pulumi from "@pulumi/pulumi";

import type { Manifest } from "./objects";
import { hasKeys } from "./rendering/manifestText";

/** Any kind, without the class that the SDK has for it. */
class ChartObject extends pulumi.CustomResource {}

/** What others are made in, or of: it comes first. */
const FIRST = ["Namespace", "CustomResourceDefinition"];

/**
 * The objects of a rendered chart, each as one resource `<name>-<kind>-<namespace>/<object>`.
 *
 * They stay in the cluster when they leave the program, also one that leaves the chart: none of them
 * may go with a change of the method. Nothing waits for pods, which wait for one another: the gate does.
 */
export function ciliumManifests(
  name: string,
  objects: readonly Manifest[],
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource[] {
  const made = (manifests: readonly Manifest[], options: pulumi.CustomResourceOptions) =>
    manifests.map(
      (manifest) =>
        new ChartObject(
          typeToken(manifest),
          `${name}-${resourceName(manifest)}`,
          inputs(manifest),
          // The engine takes this from the old state: it cannot be added on the day it is needed.
          { ...options, retainOnDelete: true },
        ),
    );
  const isFirst = ({ kind }: Manifest) => FIRST.includes(kind);
  const first = made(objects.filter(isFirst), opts);
  const rest = objects.filter((object) => !isFirst(object));
  return [...first, ...made(rest, pulumi.mergeOptions(opts, { dependsOn: first }))];
}

/** The provider's name of a kind: `v1` is of the group `core` there. Pure. */
export function typeToken({ apiVersion, kind }: Manifest): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

/** Kinds of one name are usual in a chart: a role, its binding and their account. Pure. */
export function resourceName({ kind, metadata: { namespace, name } }: Manifest): string {
  return `${kind}-${namespace === undefined ? name : `${namespace}/${name}`}`;
}

function inputs(manifest: Manifest): pulumi.Inputs {
  const { data, stringData, metadata, ...rest } = manifest;
  const isSecret = hasKeys([manifest]);
  const content = {
    ...(data !== undefined && { data }),
    ...(stringData !== undefined && { stringData }),
  };
  const kept = Object.entries(content).map(([key, value]) => [
    key,
    isSecret ? pulumi.secret(value) : value,
  ]);
  const annotations = { ...metadata.annotations, "pulumi.com/skipAwait": "true" };
  return {
    ...rest,
    metadata: { ...metadata, annotations },
    ...(Object.fromEntries(kept) as pulumi.Inputs),
  };
}
