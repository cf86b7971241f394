import { isMap } from "./chartValues";

/**
 * Whether a value is of one of the types of a key index. `null` always is: it takes a default out,
 * which templates bear where it is no map.
 */
export function isOfType(value: unknown, types: string): boolean {
  return value === null || types.split("|").some((type) => isOne(value, type));
}

/** The types of a key index in words. */
export function typesInWords(types: string): string {
  return types
    .split("|")
    .filter((type) => type !== "null" || types === "null")
    .map((type) =>
      type.startsWith("=")
        ? `"${type.slice(1)}"`
        : type
            .replace(/^array$/, "list")
            .replace("string[]", "list of strings")
            .replace(/^object$/, "map")
            .replace(/\((.*)\.\.(.*)\)/, " from $1 to $2"),
    )
    .join(" or ");
}

function isOne(value: unknown, type: string): boolean {
  if (type.startsWith("=")) return value === type.slice(1);
  const range = /^(integer|number)\((.*)\.\.(.*)\)$/.exec(type);
  if (range) {
    const [, base, minimum, maximum] = range as unknown as [string, string, string, string];
    return (
      isOne(value, base) && Number(value) >= Number(minimum) && Number(value) <= Number(maximum)
    );
  }
  switch (type) {
    case "any":
      return true;
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "string[]":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "object":
      return isMap(value);
    default:
      return typeof value === type;
  }
}
