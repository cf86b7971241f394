import { isDeepStrictEqual } from "node:util";

/** Fields of `machine` that a running node takes over at once (Talos `CanApplyImmediate`). */
const IMMEDIATE_MACHINE_FIELDS = [
  "ca",
  "acceptedCAs",
  "time",
  "certSANs",
  "install",
  "network",
  "sysfs",
  "sysctls",
  "logging",
  "controlPlane",
  "kubelet",
  "kernel",
  "registries",
  "pods",
  "seccompProfiles",
  "nodeAnnotations",
  "nodeLabels",
  "nodeTaints",
];
const IMMEDIATE_FEATURES = [
  "kubernetesTalosAPIAccess",
  "kubePrism",
  "hostDNS",
  "imageCache",
  "nodeAddressSortAlgorithm",
];

type Tree = Record<string, unknown>;

/**
 * Paths of the v1alpha1 document that cannot change without a reboot and do. Empty: immediate.
 * Other documents never force a reboot, and everything under `cluster` is immediate.
 */
export function changesThatNeedReboot(current: Tree, next: Tree): string[] {
  const paths = [...changedKeys(current, next, ["cluster", "debug", "machine"])];
  const currentMachine = asTree(current.machine);
  const nextMachine = asTree(next.machine);
  const ignored = [...IMMEDIATE_MACHINE_FIELDS];
  // Talos compares single features only where both configurations have the section.
  if (currentMachine.features !== undefined && nextMachine.features !== undefined) {
    ignored.push("features");
    paths.push(
      ...changedKeys(
        asTree(currentMachine.features),
        asTree(nextMachine.features),
        IMMEDIATE_FEATURES,
      ).map((key) => `machine.features.${key}`),
    );
  }
  paths.push(...changedKeys(currentMachine, nextMachine, ignored).map((key) => `machine.${key}`));
  return paths.sort();
}

function changedKeys(current: Tree, next: Tree, ignored: readonly string[]): string[] {
  return [...new Set([...Object.keys(current), ...Object.keys(next)])].filter(
    (key) => !ignored.includes(key) && !isDeepStrictEqual(current[key], next[key]),
  );
}

function asTree(value: unknown): Tree {
  return typeof value === "object" && value !== null ? (value as Tree) : {};
}
