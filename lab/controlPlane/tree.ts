/** A parsed YAML or JSON mapping of unknown shape. */
export type Tree = Record<string, unknown>;

/** The value as a mapping; an empty one when it is anything else. */
export function record(value: unknown): Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Tree)
    : {};
}

/** The value as a list; an empty one when it is anything else. */
export function array(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The mappings in a list. */
export function records(value: unknown): Tree[] {
  return array(value).map(record);
}

/** The strings in a list; other scalars as text. */
export function strings(value: unknown): string[] {
  return array(value).map(String);
}

/** A non-empty string, else undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A mapping with every value as text. */
export function stringRecord(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record(value)).map(([key, entry]) => [key, String(entry ?? "")]),
  );
}
