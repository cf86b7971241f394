import type { V1ManagedFieldsEntry } from "@kubernetes/client-node";

import type { ClusterApi } from "../gates/clusterApi";
import { type Manifest, pathOf } from "./objects";

/** Whose the fields of objects are that are applied one by one. */
export const FIELD_MANAGER = "talos-cilium";
/** Whose they are of objects that Talos applies. */
export const TALOS = "talos";

/**
 * What every method writes as, and an engine that may have had Cilium before. Up to Talos 1.12 `upgrade-k8s`
 * writes as the program that runs it.
 */
const FORMER = [
  ...["helm", "pulumi-resource-kubernetes", "cilium", TALOS, "talosctl", FIELD_MANAGER],
  ...["helm-controller", "argocd-controller"],
];

/**
 * Hands the fields that another method holds to a manager: what it applies next without one of them takes
 * it away, where a field that is only forced stays for whoever holds it too.
 */
export async function takeFieldsOver(
  api: ClusterApi,
  objects: readonly Manifest[],
  manager: string,
): Promise<void> {
  const take = async (path: string) => {
    const managedFields = handedOver((await api.metadata(path))?.managedFields ?? [], manager);
    if (managedFields) await api.patch(path, { metadata: { managedFields } });
  };
  await Promise.all(objects.map((object) => take(pathOf(object))));
}

/** Managed fields with those of other methods in the name of this manager; undefined where these have none. Pure. */
export function handedOver(
  entries: readonly V1ManagedFieldsEntry[],
  manager: string,
): V1ManagedFieldsEntry[] | undefined {
  const own = entries.filter((entry) => entry.manager === manager && entry.operation === "Apply");
  const taken = entries.filter((entry) => isFormer(entry) && !own.includes(entry));
  if (taken.length === 0) return undefined;
  const all = [...own, ...taken];
  return [
    ...entries.filter((entry) => !all.includes(entry)),
    {
      ...all[0],
      ...{ manager, operation: "Apply" },
      fieldsV1: all.map(({ fieldsV1 }) => (fieldsV1 ?? {}) as Fields).reduce(union),
    },
  ];
}

function isFormer({ manager, subresource }: V1ManagedFieldsEntry): boolean {
  return !subresource && FORMER.includes(manager ?? "");
}

/** Fields as the API server lists them: each holds those below it. */
interface Fields {
  readonly [field: string]: Fields;
}

function union(a: Fields, b: Fields): Fields {
  const below = Object.entries(b).map(([key, fields]) => [key, union(a[key] ?? {}, fields)]);
  return { ...a, ...(Object.fromEntries(below) as Fields) };
}
