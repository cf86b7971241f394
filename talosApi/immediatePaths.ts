/** Fields of `machine` that a running node takes over at once (Talos `CanApplyImmediate`). */
const IMMEDIATE_MACHINE_FIELDS: readonly unknown[] = [
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
const IMMEDIATE_FEATURES: readonly unknown[] = [
  "kubernetesTalosAPIAccess",
  "kubePrism",
  "hostDNS",
  "imageCache",
  "nodeAddressSortAlgorithm",
];

/**
 * Whether a running machine takes over a change at this path of its v1alpha1 document without a
 * reboot. Other documents never force one. Pure.
 */
export function isImmediate(path: readonly PropertyKey[]): boolean {
  const [section, field, feature] = path;
  if (section !== "machine") return section === "cluster" || section === "debug";
  return field === "features"
    ? IMMEDIATE_FEATURES.includes(feature)
    : IMMEDIATE_MACHINE_FIELDS.includes(field);
}
