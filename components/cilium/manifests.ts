import * as pulumi from "@pulumi/pulumi";

import { ClusterApi } from "../gates/clusterApi";
import { hooks, valueOf } from "../step";
import { FIELD_MANAGER, takeFieldsOver } from "./fieldManagers";
import { otherManager } from "./handOver/otherManagers";
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
 *
 * @param kubeconfig of the cluster: before the first object it is asked who else is at Cilium there, and
 *   fields of other methods are taken over
 */
export function ciliumManifests(
  name: string,
  objects: readonly Manifest[],
  kubeconfig: pulumi.Output<string>,
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
  const behind = (dependsOn: pulumi.CustomResource[]) => pulumi.mergeOptions(opts, { dependsOn });
  const isFirst = ({ kind }: Manifest) => FIRST.includes(kind);
  const isRest = (object: Manifest) => !isFirst(object);
  const ordered = [...objects.filter(isFirst), ...objects.filter(isRest)];
  const taking = hooks(`${name}-manifests`, {
    beforeCreate: async () => {
      const access = await valueOf(kubeconfig);
      const fault = await otherManager(access, "manifests");
      if (fault !== undefined) throw new Error(fault);
      await takeFieldsOver(await ClusterApi.connect(access), objects, FIELD_MANAGER);
    },
  });
  // One object alone comes before all others, so that what it is refused for is said once.
  const door = made(ordered.slice(0, 1), { ...opts, hooks: taking });
  const others = ordered.slice(1);
  const first = [...door, ...made(others.filter(isFirst), behind(door))];
  return [...first, ...made(others.filter(isRest), behind(first))];
}

/** The provider's name of a kind: `v1` is of the group `core` there. Pure. */
export function typeToken({ apiVersion, kind }: Manifest): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

/** Kinds of one name are usual in a chart: a role, its binding and their account. Pure. */
export function resourceName(
  { kind, metadata: { namespace, name } }: Manifest,
  separator = "-",
): string {
  return `${kind}${separator}${namespace === undefined ? name : `${namespace}/${name}`}`;
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
  const annotations = {
    ...metadata.annotations,
    "pulumi.com/skipAwait": "true",
    "pulumi.com/patchFieldManager": FIELD_MANAGER,
  };
  return {
    ...rest,
    metadata: { ...metadata, annotations },
    ...(Object.fromEntries(kept) as pulumi.Inputs),
  };
}
