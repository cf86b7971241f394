/**
 * A CRD without the descriptions of its fields, which are three quarters of it: every preview and
 * the state would carry them. A field that is called `description` stays. Pure.
 */
export function withoutDescriptions<T>(crd: T): T {
  return stripped(crd) as T;
}

function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripped);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
      if (key === "description" && typeof inner === "string") return [];
      return [[key, key === "properties" ? fields(inner) : stripped(inner)]];
    }),
  );
}

/** Keys in here are names of fields, whatever they are. */
function fields(properties: unknown): unknown {
  return Object.fromEntries(
    Object.entries(properties as object).map(([name, schema]) => [name, stripped(schema)]),
  );
}
