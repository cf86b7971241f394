/** Stands in a tree for what a preview cannot know yet. */
export const UNKNOWN = Symbol("unknown in a preview");

/** A value below a node, and the keys that lead to it. */
export interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** The value at a path; undefined where there is none. */
export function valueAt(tree: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (isObject(node) ? node[key] : undefined), tree);
}

/** A tree's nodes, parents first, the root included. */
export function* nodesOf(tree: unknown, path: readonly string[] = []): Iterable<Leaf> {
  yield { path, value: tree };
  if (Array.isArray(tree)) {
    for (const [index, item] of tree.entries()) yield* nodesOf(item, [...path, `${index}`]);
  } else if (isObject(tree)) {
    for (const [key, value] of Object.entries(tree)) yield* nodesOf(value, [...path, key]);
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
