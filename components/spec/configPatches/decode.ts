import { isObject } from "./parsePatch";
import { readBoolean } from "./scalars";
import type { Form } from "./talosTypes";
import { fieldsOf, readForm, wordsOf } from "./talosTypes";

/**
 * A value of the right form as Talos holds it: words such as `yes` are booleans, those of an
 * enumeration are in lower case, and what is null is not there. Pure.
 */
export function decode(value: unknown, form: Form): unknown {
  const { shape, type, element } = readForm(form);
  switch (shape) {
    case "any":
      return value;
    case "object": {
      if (!isObject(value)) return value;
      const fields = fieldsOf(type) ?? {};
      return Object.fromEntries(
        Object.entries(value)
          .filter(([, inner]) => inner !== null)
          .map(([key, inner]) => [key, decode(inner, fields[key] ?? "any")]),
      );
    }
    case "map":
      if (!isObject(value)) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, decode(inner, element)]),
      );
    case "list":
      if (!Array.isArray(value)) return value;
      return value
        .filter((inner) => inner !== null || readForm(element).pointer)
        .map((inner) => decode(inner, element));
    case "scalar":
      if (type === "bool") return readBoolean(value) ?? value;
      return typeof value === "string" && wordsOf(type) ? value.toLowerCase() : value;
    default:
      return shape satisfies never;
  }
}
