import { isBuiltIn, isCustomResourceDefinition, isSecretKind } from "./kinds";
import { throughGoType } from "./objectTypes";
import { isRecord, isUnknown, pluck, unset } from "./plain";
import { prune } from "./pruning";

/** What only the cluster writes; inputs that carry it (an export of a live object) are taken without it. */
const readOnly = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/**
 * Brings inputs that mean the same into the same form, so that they show no difference.
 * Objects with unknown values and custom resources stay as they are, but for read-only metadata. Changes its argument.
 */
export function normalizeInputs(object: Record<string, unknown>): Record<string, unknown> {
  let result = object;
  if (!containsUnknown(object) && isBuiltIn(String(object.apiVersion ?? ""))) {
    result = prune(throughBuiltIn(object), object);
  }
  for (const field of readOnly) unset(result, "metadata", field);
  return result;
}

function throughBuiltIn(object: Record<string, unknown>): Record<string, unknown> {
  if (isCustomResourceDefinition(object)) {
    if (pluck(object, "spec", "preserveUnknownFields") === false) {
      unset(object, "spec", "preserveUnknownFields");
    }
    unset(object, "status");
    return object;
  }
  if (isSecretKind(object)) return normalizedSecret(object);
  return throughGoType(object) ?? object;
}

function normalizedSecret(object: Record<string, unknown>): Record<string, unknown> {
  const data = isRecord(object.data) ? object.data : {};
  const { stringData } = object;
  if (isRecord(stringData) && Object.keys(stringData).length > 0) {
    if (!Object.values(stringData).every((value) => typeof value === "string")) return object;
    // The server does the same: `stringData` is written over `data`.
    for (const [key, value] of Object.entries(stringData)) {
      data[key] = Buffer.from(String(value), "utf8").toString("base64");
    }
    object.data = data;
    delete object.stringData;
    return object;
  }
  for (const [key, value] of Object.entries(data)) {
    if (typeof value === "string") data[key] = reencoded(value);
  }
  return object;
}

/** Line breaks in base64 are dropped by the server; what is no base64 it refuses itself. */
function reencoded(text: string): string {
  const compact = text.replace(/[\r\n]/g, "");
  return /^[A-Za-z0-9+/]*={0,2}$/.test(compact) && compact.length % 4 === 0 ? compact : text;
}

/** Whether an object holds an unknown value at any depth. */
export function containsUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isRecord(value) && Object.values(value).some(containsUnknown);
}
