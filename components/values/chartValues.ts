/** Values of a Helm chart, as a tree. */
export type ChartValues = Readonly<Record<string, unknown>>;

/** Whether a value is a map, which Helm merges key by key; anything else it replaces. */
export function isMap(value: unknown): value is ChartValues {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Both trees in one, as Helm does it: maps merge, lists and scalars of `over` replace. */
export function mergeValues(base: ChartValues, over: ChartValues): ChartValues {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isMap(below) && isMap(value) ? mergeValues(below, value) : value;
  }
  return merged;
}

/** The value at a path such as `["cgroup", "hostRoot"]`; undefined where nothing is. */
export function valueAt(values: ChartValues, path: readonly string[]): unknown {
  let value: unknown = values;
  for (const key of path) {
    if (!isMap(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** A tree with one value, at this path. */
export function treeOf(path: readonly string[], value: unknown): ChartValues {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as ChartValues;
}
