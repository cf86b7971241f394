import type { ChartValues } from "./chartValues";
import { isMap, mergeValues, treeOf, valueAt } from "./chartValues";

/**
 * The merged values with those that Talos cannot live without put back, unless the user gave that
 * very key: `securityContext: null` does not take the capabilities away, while
 * `securityContext.capabilities.ciliumAgent: […]` is taken at its word.
 */
export function keepMandatory(
  merged: ChartValues,
  mandatory: ChartValues,
  users: ChartValues,
): ChartValues {
  return leaves(mandatory)
    .filter(([path]) => !isNamed(users, path))
    .reduce((values, [path, value]) => mergeValues(values, treeOf(path, value)), merged);
}

function leaves(values: ChartValues, path: readonly string[] = []): [readonly string[], unknown][] {
  return Object.entries(values).flatMap(([key, value]) =>
    isMap(value) ? leaves(value, [...path, key]) : [[[...path, key], value]],
  );
}

function isNamed(values: ChartValues, path: readonly string[]): boolean {
  const parent = valueAt(values, path.slice(0, -1));
  return isMap(parent) && Object.hasOwn(parent, path[path.length - 1] as string);
}
