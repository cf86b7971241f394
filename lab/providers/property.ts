import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A value that is not known before an `up`; there is one, `UNKNOWN`. */
export class Unknown {
  readonly kind = "unknown";
}

/** The unknown value, whatever its type will be. */
export const UNKNOWN = new Unknown();

/** A value that the engine keeps encrypted. */
export class Secret {
  constructor(readonly value: PropertyValue) {}
}

export type PropertyValue =
  | null
  | boolean
  | number
  | string
  | Unknown
  | Secret
  | PropertyValue[]
  | PropertyMap;

/**
 * An object's properties. A property of value `undefined` is left out on the wire; null stays.
 * Assets, archives and resource references keep their form on the wire (an object with a signature).
 */
export interface PropertyMap {
  [key: string]: PropertyValue | undefined;
}

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine has a sentinel for each type; what it reads is always the one for strings. */
const UNKNOWN_SENTINELS: ReadonlySet<string> = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Reads what came over the wire. */
export function fromWire(value: JavaScriptValue): PropertyValue {
  if (typeof value === "string") {
    return UNKNOWN_SENTINELS.has(value) ? UNKNOWN : value;
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(fromWire);
  }
  const object = value as Record<string, JavaScriptValue>;
  if (object[SIGNATURE_KEY] === SECRET_SIGNATURE) {
    return new Secret(fromWire(object["value"] ?? null));
  }
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, fromWire(item)]));
}

/** Writes what goes over the wire. */
export function toWire(value: PropertyValue): JavaScriptValue {
  if (value instanceof Unknown) {
    return UNKNOWN_STRING;
  }
  if (value instanceof Secret) {
    return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: toWire(value.value) };
  }
  if (Array.isArray(value)) {
    return value.map(toWire);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  const object: Record<string, JavaScriptValue> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) {
      object[key] = toWire(item);
    }
  }
  return object;
}

/** An absent struct is an empty map. */
export function fromStruct(struct: Struct | undefined): PropertyMap {
  return struct === undefined ? {} : (fromWire(struct.toJavaScript()) as PropertyMap);
}

export function toStruct(map: PropertyMap): Struct {
  return Struct.fromJavaScript(toWire(map) as Record<string, JavaScriptValue>);
}

/** True for an object's properties: no list, no unknown, no secret. */
export function isPropertyMap(value: PropertyValue | undefined): value is PropertyMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Unknown) &&
    !(value instanceof Secret)
  );
}

/** True if the value is unknown or holds something unknown, at any depth, inside secrets too. */
export function containsUnknowns(value: PropertyValue | undefined): boolean {
  if (value instanceof Unknown) {
    return true;
  }
  if (value instanceof Secret) {
    return containsUnknowns(value.value);
  }
  if (Array.isArray(value)) {
    return value.some(containsUnknowns);
  }
  return isPropertyMap(value) && Object.values(value).some(containsUnknowns);
}

/** The same value without its secret marks. */
export function withoutSecrets<T extends PropertyValue>(value: T): T {
  return strip(value) as T;
}

function strip(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) {
    return strip(value.value);
  }
  if (Array.isArray(value)) {
    return value.map(strip);
  }
  if (!isPropertyMap(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, item === undefined ? item : strip(item)]),
  );
}
