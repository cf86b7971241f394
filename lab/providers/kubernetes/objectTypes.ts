import { readFileSync } from "node:fs";
import path from "node:path";
import { canonicalQuantity } from "./quantity";
import { isRecord } from "./plain";

/**
 * The built-in Kubernetes objects as Go's types have them. The real provider converts the inputs of a built-in kind to
 * its Go type and back, which drops unknown and empty fields and writes quantities in one form; this does the same.
 */
interface Field {
  type: string;
  keepEmpty: boolean;
}

interface Tables {
  kinds: Map<string, string>;
  types: Map<string, Map<string, Field>>;
}

let tables: Tables | undefined;

function load(): Tables {
  if (tables) return tables;
  const kinds = new Map<string, string>();
  const types = new Map<string, Map<string, Field>>();
  for (const line of readFileSync(path.join(__dirname, "objectTypes.txt"), "utf8").split("\n")) {
    const [what, name, ...rest] = line.split(" ");
    if (what === "kind" && name && rest[0]) kinds.set(name, rest[0]);
    if (what === "type" && name) types.set(name, new Map(rest.map(parseField)));
  }
  return (tables = { kinds, types });
}

function parseField(text: string): [string, Field] {
  const colon = text.indexOf(":");
  const type = text.slice(colon + 1);
  const keepEmpty = type.startsWith("!");
  return [text.slice(0, colon), { type: keepEmpty ? type.slice(1) : type, keepEmpty }];
}

/** Go refuses to convert such a value; the provider then leaves the whole object as it is. */
class NotConvertible extends Error {}

/**
 * Converts an object of a built-in kind to its Go type and back.
 * @returns undefined where the kind is not built in or a value has the wrong type.
 */
export function throughGoType(
  object: Record<string, unknown>,
): Record<string, unknown> | undefined {
  const { kinds } = load();
  const type = kinds.get(`${String(object.apiVersion)}/${String(object.kind)}`);
  if (!type) return undefined;
  try {
    return convertStruct(type, object);
  } catch (error) {
    if (error instanceof NotConvertible) return undefined;
    throw error;
  }
}

function convertStruct(type: string, value: unknown): Record<string, unknown> {
  if (!isRecord(value)) throw new NotConvertible();
  const result: Record<string, unknown> = {};
  for (const [name, field] of load().types.get(type) ?? []) {
    const given = value[name];
    const converted = given === undefined || given === null ? null : convert(field.type, given);
    if (!field.keepEmpty && isEmpty(field.type, converted)) continue;
    result[name] = converted ?? zero(field.type);
  }
  return result;
}

function isEmpty(type: string, converted: unknown): boolean {
  if (converted === null) return true;
  if (type.startsWith("*")) return false;
  if (Array.isArray(converted)) return converted.length === 0;
  if (type.startsWith("{")) return Object.keys(converted as object).length === 0;
  return converted === "" || converted === false || converted === 0;
}

function zero(type: string): unknown {
  if (type.startsWith("#")) return convertStruct(type.slice(1), {});
  return { string: "", bool: false, int: 0, float: 0, quantity: "0", intOrString: 0 }[type] ?? null;
}

function convert(type: string, value: unknown): unknown {
  switch (type[0]) {
    case "*":
      return convert(type.slice(1), value);
    case "#":
      return convertStruct(type.slice(1), value);
    case "[":
      if (!Array.isArray(value)) throw new NotConvertible();
      return value.map((item) =>
        item === null ? zero(type.slice(1)) : convert(type.slice(1), item),
      );
    case "{":
      if (!isRecord(value)) throw new NotConvertible();
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          item === null ? zero(type.slice(1)) : convert(type.slice(1), item),
        ]),
      );
    default:
      return convertScalar(type, value);
  }
}

function convertScalar(type: string, value: unknown): unknown {
  switch (type) {
    case "string":
      return only(typeof value === "string", value);
    case "bool":
      return only(typeof value === "boolean", value);
    case "int":
      return only(Number.isInteger(value), value);
    case "float":
      return only(typeof value === "number", value);
    case "intOrString":
      return only(typeof value === "string" || Number.isInteger(value), value);
    case "quantity": {
      const canonical = canonicalQuantity(value);
      return only(canonical !== undefined, canonical);
    }
    case "bytes":
      return only(
        typeof value === "string",
        Buffer.from(String(value), "base64").toString("base64"),
      );
    case "time":
    case "microtime":
    case "duration":
      return only(typeof value === "string", value);
    default:
      return value;
  }
}

function only(fits: boolean, value: unknown): unknown {
  if (!fits) throw new NotConvertible();
  return value;
}
