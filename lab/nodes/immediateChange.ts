import { isDeepStrictEqual } from "node:util";

import { isImmediate } from "../../talosApi/immediatePaths";

type Tree = Record<string, unknown>;

/**
 * Paths of the v1alpha1 document that cannot change without a reboot and do. Empty: immediate.
 * Other documents never force a reboot, and everything under `cluster` is immediate.
 */
export function changesThatNeedReboot(current: Tree, next: Tree): string[] {
  const machine = [asTree(current.machine), asTree(next.machine)] as const;
  const features = machine.map((side) => side.features);
  // Talos compares single features only where both configurations have the section.
  const single = features.every((side) => side !== undefined);
  const paths = [
    ...changedKeys(current, next)
      .filter((key) => key !== "machine")
      .map((key) => [key]),
    ...changedKeys(...machine)
      .filter((key) => key !== "features" || !single)
      .map((key) => ["machine", key]),
    ...(single ? changedKeys(asTree(features[0]), asTree(features[1])) : []).map((key) => [
      "machine",
      "features",
      key,
    ]),
  ];
  return paths
    .filter((path) => !isImmediate(path))
    .map((path) => path.join("."))
    .sort();
}

function changedKeys(current: Tree, next: Tree): string[] {
  return [...new Set([...Object.keys(current), ...Object.keys(next)])].filter(
    (key) => !isDeepStrictEqual(current[key], next[key]),
  );
}

function asTree(value: unknown): Tree {
  return typeof value === "object" && value !== null ? (value as Tree) : {};
}
