import { parseAddress, parseCidr } from "../cidr";
import { isDuration } from "../duration";
import { nearest } from "../nearest";
import { holdsSecret } from "../secretKeys";
import type { Form } from "./talosTypes";
import { fieldsOf, readForm, wordsOf } from "./talosTypes";

export type Path = readonly (string | number)[];

/** A key or value that Talos does not read. */
export interface KeyFault {
  readonly id: "patch-unknown-key" | "patch-wrong-type";
  readonly path: Path;
  readonly got?: unknown;
  readonly reason: string;
  readonly fix: string;
}

const BASE64 = /^\s*([A-Za-z0-9+/]{4}|\s)*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\s*$/;
const SIZE = /^(-?[\d.,]+\s*([kmgtpe]i?)?b?)?$/i;
const YAML_1_1_BOOLEANS = /^(y|yes|on|n|no|off)$/i;

/** Everything in a value that has not the form that Talos reads. */
export function* checkKeys(value: unknown, form: Form, path: Path = []): Iterable<KeyFault> {
  if (value === null || value === undefined) return;
  const { shape, type, element } = readForm(form);
  switch (shape) {
    case "any":
      return;
    case "object":
    case "map":
      if (typeof value !== "object" || Array.isArray(value)) {
        yield wrongType(path, value, "an object");
        return;
      }
      for (const [key, inner] of Object.entries(value)) {
        yield* checkField([...path, key], inner, shape === "map" ? element : type, shape);
      }
      return;
    case "list":
      if (!Array.isArray(value)) yield wrongType(path, value, "a list");
      else {
        for (const [index, inner] of value.entries()) {
          yield* checkKeys(inner, element, [...path, index]);
        }
      }
      return;
    case "scalar": {
      const expected = scalarFault(value, type);
      if (expected) yield wrongType(path, value, expected, wordsOf(type));
      return;
    }
    default:
      shape satisfies never;
  }
}

function* checkField(
  path: Path,
  value: unknown,
  typeOrForm: string,
  shape: "object" | "map",
): Iterable<KeyFault> {
  if (shape === "map") {
    yield* checkKeys(value, typeOrForm, path);
    return;
  }
  const fields = fieldsOf(typeOrForm);
  if (!fields) return;
  const key = String(path.at(-1));
  const form = fields[key];
  if (form !== undefined) {
    yield* checkKeys(value, form, path);
    return;
  }
  const known = Object.keys(fields);
  const guess = nearest(key, known);
  yield {
    id: "patch-unknown-key",
    path,
    reason: `Talos has no key ${key} here`,
    fix: guess ? `did you mean ${guess}?` : `remove it; known are ${known.join(", ")}`,
  };
}

function wrongType(
  path: Path,
  got: unknown,
  expected: string,
  words: readonly string[] = [],
): KeyFault {
  const guess = typeof got === "string" ? nearest(got, words) : undefined;
  return {
    id: "patch-wrong-type",
    path,
    // What stands there may be a secret with a fault.
    ...(!holdsSecret(path) && { got }),
    reason: `it must be ${expected}`,
    fix:
      expected === "a list" && typeof got === "string"
        ? `write [${JSON.stringify(got)}]`
        : guess
          ? `write ${guess}`
          : `replace it by ${expected}`,
  };
}

/** What a scalar must be, or undefined when it is that. */
function scalarFault(value: unknown, type: string): string | undefined {
  // Talos would read a list of arguments, but its own check of unknown keys refuses one.
  if (typeof value === "object") return "a single value";
  const text = String(value);
  switch (type) {
    case "string":
      return undefined;
    case "bool":
      return typeof value === "boolean" || YAML_1_1_BOOLEANS.test(text)
        ? undefined
        : "true or false";
    case "int":
    case "uint":
      return Number.isInteger(value) && (type === "int" || Number(value) >= 0)
        ? undefined
        : "a whole number";
    case "duration":
      return typeof value === "string" && isDuration(value) ? undefined : "a duration such as 5m";
    case "bytes":
    case "v1alpha1.Base64Bytes":
      return BASE64.test(text) ? undefined : "base64";
    case "block.ByteSize":
    case "block.Size":
      return SIZE.test(text) || (type === "block.Size" && /^-?\d+(\.\d+)?%$/.test(text))
        ? undefined
        : "a size such as 10GB";
    case "netip.Prefix":
    case "network.Prefix":
      return text === "" || parseCidr(text) ? undefined : "a network in CIDR notation";
    case "netip.Addr":
    case "network.Addr":
      return text === "" || parseAddress(text) ? undefined : "an IP address";
    default: {
      const words = wordsOf(type);
      if (!words || words.includes(text.toLowerCase())) return undefined;
      return `one of ${words.join(", ")}`;
    }
  }
}
