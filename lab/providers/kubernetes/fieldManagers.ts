import { isRecord, metadataOf, metadataText } from "./plain";

/** Who wrote an object before the provider used server-side apply: kubectl, and the provider's own creations. */
const formerManagers: readonly [prefix: string, operation: string][] = [
  ["kubectl", "Apply"],
  ["kubectl", "Update"],
  ["before-first-apply", "Update"],
  ["pulumi-kubernetes", "Update"],
  ["pulumi-kubernetes.exe", "Update"],
  ["pulumi-resource-kubernetes", "Update"],
];

/** The field manager of an object that was created with a plain POST. */
export const CREATION_MANAGER = "pulumi-kubernetes";

/** An object's managed fields, as the API server lists them. */
export function managedFieldsOf(object: Record<string, unknown>): Record<string, unknown>[] {
  const { managedFields } = metadataOf(object);
  return Array.isArray(managedFields) ? managedFields.filter(isRecord) : [];
}

/**
 * The JSON patch that hands the fields of former managers to the given one, so that applying meets no conflict.
 * @returns undefined where there is nothing to hand over
 */
export function takeOver(live: Record<string, unknown>, manager: string): unknown[] | undefined {
  const entries = managedFieldsOf(live);
  let own = entries.find((entry) => entry.manager === manager && entry.operation === "Apply");
  const kept: Record<string, unknown>[] = [];
  let changed = false;
  for (const entry of entries) {
    if (entry.manager === manager && entry.operation === "Apply") continue;
    if (!isFormer(entry)) {
      kept.push(entry);
      continue;
    }
    changed = true;
    own = own
      ? { ...own, fieldsV1: union(own.fieldsV1, entry.fieldsV1) }
      : { ...entry, manager, operation: "Apply" };
  }
  if (!changed) return undefined;
  return [{ op: "replace", path: "/metadata/managedFields", value: [...kept, own] }];
}

function isFormer({ manager, operation, subresource }: Record<string, unknown>): boolean {
  if (subresource) return false;
  return formerManagers.some(
    ([prefix, former]) => String(manager).startsWith(prefix) && operation === former,
  );
}

function union(a: unknown, b: unknown): unknown {
  if (!isRecord(a) || !isRecord(b)) return a ?? b;
  const result = { ...a };
  for (const [key, value] of Object.entries(b)) {
    result[key] = Object.hasOwn(a, key) ? union(a[key], value) : value;
  }
  return result;
}

/** Whether applying may take fields from other managers. */
export function forcesConflicts(
  patchForce: boolean,
  live: Record<string, unknown> | undefined,
  preview: boolean,
): boolean {
  if (patchForce) return true;
  const managers = live ? managedFieldsOf(live) : [];
  if (preview) {
    if (!live) return true;
    // A real run hands these over first; a preview only asks.
    const own = ["pulumi-resource-kubernetes", CREATION_MANAGER, "pulumi-kubernetes.exe"];
    if (managers.some((m) => m.operation === "Update" && own.includes(String(m.manager)))) {
      return true;
    }
  }
  return live !== undefined && managers.length === 0;
}

/** An object of the same identity that claims no field: applied, it gives up all of a manager's. */
export function relinquished(object: Record<string, unknown>): Record<string, unknown> {
  const namespace = metadataText(object, "namespace");
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { name: metadataText(object, "name"), ...(namespace ? { namespace } : {}) },
  };
}
