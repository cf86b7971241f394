import { Secret, Unknown, type PropertyMap, type PropertyValue } from "../property";

/** True for an object with properties: no list, no unknown, no secret. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Unknown) &&
    !(value instanceof Secret)
  );
}

export function isUnknown(value: unknown): value is Unknown {
  return value instanceof Unknown;
}

export function isSecret(value: unknown): value is Secret {
  return value instanceof Secret;
}

/** Marks a value as secret; one that is so already stays as it is. */
export function secret(value: unknown): Secret {
  return isSecret(value) ? value : new Secret(value as PropertyValue);
}

export function containsSecrets(value: unknown): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(containsSecrets);
  return isRecord(value) && Object.values(value).some(containsSecrets);
}

/** Deep equality of JSON values; unknown equals nothing but itself. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => deepEqual(item, b[index]));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && deepEqual(a[key], b[key]))
  );
}

/** An object's `metadata`; empty where it has none or it is unknown. */
export function metadataOf(object: Record<string, unknown>): Record<string, unknown> {
  return isRecord(object.metadata) ? object.metadata : {};
}

/** A text field of an object's metadata, or the empty string. */
export function metadataText(object: Record<string, unknown>, field: string): string {
  const value = metadataOf(object)[field];
  return typeof value === "string" ? value : "";
}

/** The value of an annotation, or the empty string. */
export function annotationOf(object: Record<string, unknown>, name: string): string {
  const { annotations } = metadataOf(object);
  const value = isRecord(annotations) ? annotations[name] : undefined;
  return typeof value === "string" ? value : "";
}

/** What lies under a path of keys; undefined where there is nothing. */
export function pluck(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );
}

/** Removes what lies under a path of keys. Changes the object. */
export function unset(object: Record<string, unknown>, ...path: string[]): void {
  const last = path.at(-1);
  const parent = pluck(object, ...path.slice(0, -1));
  if (last !== undefined && isRecord(parent)) delete parent[last];
}

/** A deep copy without secret marks; unknown values stay. */
export function stripped(value: unknown): unknown {
  if (isSecret(value)) return stripped(value.value);
  if (Array.isArray(value)) return value.map(stripped);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, stripped(item)]));
}

/** Property names cannot hold a dash in every language, so those of JSON schemas are written with underscores. */
const dashed = [
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-validations",
];
const toDashes = new Map(dashed.map((name) => [name.replaceAll("-", "_"), name]));
const toUnderscores = new Map(dashed.map((name) => [name, name.replaceAll("-", "_")]));

/** Properties as a Kubernetes object: secret marks off, names as Kubernetes has them. */
export function toObject(properties: PropertyMap): Record<string, unknown> {
  return renamed(stripped(properties), toDashes) as Record<string, unknown>;
}

/** A Kubernetes object as properties. */
export function toProperties(object: Record<string, unknown>): Record<string, unknown> {
  return renamed(object, toUnderscores) as Record<string, unknown>;
}

function renamed(value: unknown, names: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [names.get(key) ?? key, renamed(item, names)]),
  );
}
