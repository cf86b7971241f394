import type { V1ConfigMap } from "@kubernetes/client-node";

import { ApiError, type ClusterApi } from "../gates/clusterApi";
import type { ComparedObject, LiveObject } from "../gates/staleObjects";
import { TALOS } from "./fieldManagers";
import { resourceName } from "./manifests";
import { type Manifest, collectionOf, pathOf } from "./objects";
import { MANAGED_BY_HELM, isOfRelease } from "./rendering/manifestText";

/** What the cluster says of a manifest that Talos applies. */
export interface AppliedAnew {
  readonly objects: readonly ComparedObject[];
  /** Names of objects that `talosctl upgrade-k8s` would delete. */
  readonly left: readonly string[];
}

/** How Talos notes what it has applied. */
const INVENTORY = "/api/v1/namespaces/kube-system/configmaps/talos-bootstrap-manifests-inventory";
/** Questions at a time. */
const AT_ONCE = 16;
/** What says nothing of an object: a kind that is not served, a field or a webhook that takes no dry run. */
const UNKNOWN = [400, 404, 500];
const REFUSED = 422;

/**
 * Asks the API server what Talos would make of a manifest now, by a dry run of what
 * `talosctl upgrade-k8s` does, and what is there. It costs a question for each object and each kind.
 */
export async function appliedAnew(
  api: ClusterApi,
  manifest: readonly Manifest[],
): Promise<AppliedAnew> {
  // A Job is done once, and many clean themselves up.
  const wanted = new Map(
    manifest.filter(({ kind }) => kind !== "Job").map((object) => [pathOf(object), object]),
  );
  const kinds = [...new Map([...wanted.values()].map((one) => [collectionOf(one), one])).values()];
  const [lists, applied, inventory] = await Promise.all([
    inBatches(kinds, (one) => markedLike(api, one)),
    inBatches([...wanted], ([path, object]) => tried(api, path, object)),
    api.get<V1ConfigMap>(INVENTORY),
  ]);
  const live = new Map(lists.flat().map((object) => [pathOf(object), object]));
  const objects = [...wanted].map(([path, object], index) => ({
    ...{ name: nameOf(object), live: live.get(path) },
    applied: applied[index]!,
  }));
  const left = [...live].filter(
    ([path, object]) =>
      !wanted.has(path) && isOfRelease(object) && inventoryKey(object) in (inventory?.data ?? {}),
  );
  return { objects, left: left.map(([, object]) => nameOf(object)) };
}

/** Objects of the same kind in the same namespace that bear Helm's label, as all of the manifest do. */
async function markedLike(api: ClusterApi, one: Manifest): Promise<LiveObject[]> {
  const { apiVersion, kind } = one;
  const selector = encodeURIComponent(MANAGED_BY_HELM.join("="));
  const list = await api.list<LiveObject>(`${collectionOf(one)}?labelSelector=${selector}`);
  return list.map((object) => ({ ...object, apiVersion, kind }));
}

async function tried(
  api: ClusterApi,
  path: string,
  object: Manifest,
): Promise<ComparedObject["applied"]> {
  try {
    return await api.tryApply<LiveObject>(path, object, TALOS);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === REFUSED) return "refused";
    if (UNKNOWN.includes(error.status)) return "unknown";
    throw error;
  }
}

async function inBatches<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    answers.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(ask))));
  }
  return answers;
}

function nameOf(object: Manifest): string {
  return resourceName(object, " ");
}

/** As Talos' inventory has it: a key of a ConfigMap holds no colon. Pure. */
export function inventoryKey({ apiVersion, kind, metadata }: Manifest): string {
  const [group] = apiVersion.includes("/") ? apiVersion.split("/") : [""];
  const { namespace = "", name } = metadata;
  return [namespace, name.replaceAll(":", "__"), group, kind].join("_");
}
