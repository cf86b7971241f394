import { parseGoUrl } from "./goUrl";
import type { MachineDocuments, TalosDocument } from "./machineDocuments";
import { documentId, kindOf } from "./machineDocuments";
import { own, put } from "./ownKeys";
import { isObject } from "./parsePatch";
import type { Form } from "./talosTypes";
import { MAIN_DOCUMENT, documentForm, fieldsOf, readForm } from "./talosTypes";

/** A strategic merge of one document into a machine configuration, as Talos does it. Pure. */
export function mergeDocument(documents: MachineDocuments, patch: TalosDocument): MachineDocuments {
  const id = documentId(patch);
  if (!documents.some((document) => documentId(document) === id)) return [...documents, patch];
  return documents.map((document) =>
    documentId(document) === id
      ? (mergeValue(document, patch, formOf(patch)) as TalosDocument)
      : document,
  );
}

/** Form of a document by its kind. */
export function formOf(document: TalosDocument): Form {
  const kind = kindOf(document);
  return kind === "v1alpha1" ? MAIN_DOCUMENT : (documentForm(kind) ?? "any");
}

/** Scalars whose zero is a value like others; elsewhere a zero in a patch changes nothing. */
const ALWAYS_SET = ["bool", "bytes", "v1alpha1.Base64Bytes"];

function mergeValue(left: unknown, right: unknown, form: Form): unknown {
  if (right === undefined || right === null) return left;
  if (left === undefined || left === null) return right;
  const { shape, type, element, merger, pointer, replaces } = readForm(form);
  switch (shape) {
    case "scalar":
      // Machines merge the parts of a URL.
      if (type === "v1alpha1.Endpoint" && parseGoUrl(String(right))?.hostname === "") return left;
      return !ALWAYS_SET.includes(type) && !pointer && isZero(right) ? left : right;
    case "list":
      if (!Array.isArray(left) || !Array.isArray(right) || replaces) return right;
      return merger ? mergeList(left, right, element, merger) : [...left, ...right];
    case "map":
    case "object":
    case "any": {
      if (replaces) return right;
      // What such a patch leaves out is read as empty.
      if (type.startsWith("x509.") && isObject(right)) return { crt: "", key: "", ...right };
      if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
      if (!isObject(left) || !isObject(right)) return right;
      const fields = shape === "object" ? fieldsOf(type) : undefined;
      const merged: Record<string, unknown> = { ...left };
      for (const [key, value] of Object.entries(right)) {
        const inner = shape === "object" ? (fields?.[key] ?? "any") : element;
        put(merged, key, mergeValue(own(merged, key), value, inner));
      }
      return shape === "object" ? withoutOldValues(merged, right, type) : merged;
    }
    default:
      return shape satisfies never;
  }
}

/** Scalars that a patch unsets by leaving them out. */
const UNSET_BY_ABSENCE = ["block.ByteSize", "cel.Expression"];

function withoutOldValues(
  merged: Record<string, unknown>,
  right: Record<string, unknown>,
  type: string,
): Record<string, unknown> {
  for (const [key, form] of Object.entries(fieldsOf(type) ?? {})) {
    if (right[key] !== undefined || merged[key] === undefined) continue;
    const inner = readForm(form);
    if (UNSET_BY_ABSENCE.includes(inner.type) && !inner.pointer) delete merged[key];
    else if (inner.shape === "object" && !inner.pointer && !inner.type.startsWith("x509.")) {
      merged[key] = mergeValue(merged[key], {}, form);
    }
  }
  return merged;
}

/** Lists whose elements merge with the one of the same key instead of being appended. */
const MERGE_KEYS: Readonly<Record<string, (item: unknown) => unknown>> = {
  "v1alpha1.AdmissionPluginConfigList": (item) => field(item, "name"),
  "v1alpha1.NetworkDeviceList": (item) =>
    field(item, "interface") || JSON.stringify(field(item, "deviceSelector")),
  "v1alpha1.VlanList": (item) => field(item, "vlanId"),
  "extensions.ConfigFileList": (item) => field(item, "mountPath"),
  "security.ImageVerificationRules": (item) => field(item, "image"),
};

/** Of these an element takes the place of the one of the same key. */
const REPLACES_ELEMENTS = ["security.ImageVerificationRules"];

function mergeList(left: unknown[], right: unknown[], element: Form, merger: string): unknown[] {
  const keyOf = MERGE_KEYS[merger];
  const merged = [...left];
  for (const item of right) {
    const key = keyOf?.(item);
    const index = key === undefined ? -1 : merged.findIndex((other) => keyOf?.(other) === key);
    if (index < 0) merged.push(item);
    else if (REPLACES_ELEMENTS.includes(merger)) merged[index] = item;
    else merged[index] = mergeValue(merged[index], item, element);
  }
  return merged;
}

function field(item: unknown, key: string): unknown {
  return isObject(item) ? item[key] : undefined;
}

function isZero(value: unknown): boolean {
  return value === "" || value === 0 || value === false;
}

/** Paths of free-form values that cannot be merged, because one is a list or text and the other is not. */
export function* mergeConflicts(
  left: unknown,
  right: unknown,
  form: Form,
  path: readonly (string | number)[] = [],
): Iterable<readonly (string | number)[]> {
  if (left === undefined || left === null || right === undefined) return;
  const { shape, type, element, merger, replaces } = readForm(form);
  if (replaces) return;
  if (shape === "any" && typeName(left) !== typeName(right)) {
    yield path;
    return;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    const keyOf = merger === undefined ? undefined : MERGE_KEYS[merger];
    if (!keyOf || REPLACES_ELEMENTS.includes(merger!)) return;
    for (const [index, item] of right.entries()) {
      const other = left.find((candidate) => keyOf(candidate) === keyOf(item));
      yield* mergeConflicts(other, item, element, [...path, index]);
    }
    return;
  }
  if (!isObject(left) || !isObject(right)) return;
  for (const [key, value] of Object.entries(right)) {
    const inner = shape === "object" ? (fieldsOf(type)?.[key] ?? "any") : element;
    yield* mergeConflicts(own(left, key), value, inner, [...path, key]);
  }
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return "list";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return value === null ? "null" : typeof value;
}
