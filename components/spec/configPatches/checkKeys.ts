import { nearest } from "../nearest";
import { holdsSecret } from "../secretKeys";
import { scalarFault } from "./scalars";
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

/** Everything in a value that has not the form that Talos reads. */
export function* checkKeys(value: unknown, form: Form, path: Path = []): Iterable<KeyFault> {
  if (value === null || value === undefined) return;
  const { shape, type, element } = readForm(form);
  switch (shape) {
    case "any":
      // Kubernetes objects, whose keys Talos does not know.
      if (type === "v1alpha1.Unstructured" && (typeof value !== "object" || Array.isArray(value))) {
        yield wrongType(path, value, "an object");
      }
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
