/** Stands in a tree for what a preview cannot know yet. */
export const UNKNOWN = Symbol("unknown in a preview");

/** A value below a node, and the keys that lead to it. */
export interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
  /** What holds it; undefined at the root. */
  readonly parent?: unknown;
}

/** The value at a path; undefined where there is none. */
export function valueAt(tree: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (isObject(node) ? node[key] : undefined), tree);
}

/** A tree's nodes, parents first, the root included. */
export function* nodesOf(
  value: unknown,
  path: readonly string[] = [],
  parent?: unknown,
): Iterable<Leaf> {
  yield { path, value, parent };
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* nodesOf(item, [...path, `${index}`], value);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) yield* nodesOf(item, [...path, key], value);
  }
}

/** A path as it is written in a program: `spec.containers[0].image`. */
export function pathText(path: readonly string[]): string {
  return path.reduce((text, key) => {
    if (/^\d+$/.test(key)) return `${text}[${key}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}

/** Whether a value has keys; a list has none. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
