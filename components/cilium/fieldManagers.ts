import type { V1ManagedFieldsEntry } from "@kubernetes/client-node";

import { ClusterApi } from "../gates/clusterApi";
import { type Manifest, pathOf } from "./objects";

/** Whose the fields of objects are that are applied one by one. */
export const FIELD_MANAGER = "talos-cilium";

/** What every other method writes as, and an engine that may have had Cilium before. */
const FORMER = [
  ...["helm", "pulumi-resource-kubernetes", "cilium", "talos"],
  ...["helm-controller", "argocd-controller"],
];

/**
 * Hands the fields that another method holds to {@link FIELD_MANAGER}: what is applied next without one of
 * them takes it away, where a field that is only forced stays for whoever holds it too.
 */
export async function takeFieldsOver(
  kubeconfig: string,
  objects: readonly Manifest[],
): Promise<void> {
  const api = await ClusterApi.connect(kubeconfig);
  const take = async (path: string) => {
    const managedFields = handedOver((await api.metadata(path))?.managedFields ?? []);
    if (managedFields) await api.patch(path, { metadata: { managedFields } });
  };
  await Promise.all(objects.map((object) => take(pathOf(object))));
}

/** Managed fields with those of other methods in our name; undefined where these have none. Pure. */
export function handedOver(
  entries: readonly V1ManagedFieldsEntry[],
): V1ManagedFieldsEntry[] | undefined {
  const taken = entries.filter(isFormer);
  if (taken.length === 0) return undefined;
  const isOurs = ({ manager, operation }: V1ManagedFieldsEntry) =>
    manager === FIELD_MANAGER && operation === "Apply";
  const ours = [...entries.filter(isOurs), ...taken];
  return [
    ...entries.filter((entry) => !ours.includes(entry)),
    {
      ...ours[0],
      ...{ manager: FIELD_MANAGER, operation: "Apply" },
      fieldsV1: ours.map(({ fieldsV1 }) => (fieldsV1 ?? {}) as Fields).reduce(union),
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
