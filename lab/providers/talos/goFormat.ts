import { Secret, Unknown, type PropertyValue } from "../property";

/** How Go prints a property value with `%v`; the bridge's messages show wrong inputs in this form. */
export function goFormat(value: PropertyValue | undefined): string {
  return `{${inner(value)}}`;
}

function inner(value: PropertyValue | undefined): string {
  if (value === null || value === undefined) {
    return "<nil>";
  }
  if (value instanceof Secret) {
    return inner(value.value);
  }
  if (value instanceof Unknown) {
    return "{{}}";
  }
  if (Array.isArray(value)) {
    return `[${value.map(goFormat).join(" ")}]`;
  }
  if (typeof value === "object") {
    const names = Object.keys(value).sort();
    return `map[${names.map((name) => `${name}:${goFormat(value[name])}`).join(" ")}]`;
  }
  return String(value);
}

/** Go's name of a property value's type. */
export function goTypeName(value: PropertyValue | undefined): string {
  if (value === null || value === undefined) {
    return "null";
  }
  if (value instanceof Secret) {
    return `secret<${goTypeName(value.value)}>`;
  }
  if (value instanceof Unknown) {
    return "output<string>";
  }
  if (Array.isArray(value)) {
    return "[]";
  }
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "object":
      return "object";
    default:
      return typeof value;
  }
}

/** A string as Go's `%q`. */
export function goQuote(text: string): string {
  return JSON.stringify(text);
}

/** A number without an exponent, as Go's `FormatFloat(n, 'f', -1, 64)`. */
export function goNumber(value: number): string {
  const text = String(value);
  const [, sign = "", digits = "", fraction = "", exponent] =
    /^(-?)(\d+)\.?(\d*)e([-+]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) {
    return text;
  }
  const all = digits + fraction;
  const point = digits.length + Number(exponent);
  return point > 0 ? sign + all.padEnd(point, "0") : `${sign}0.${"0".repeat(-point)}${all}`;
}
