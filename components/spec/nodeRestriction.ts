// What a kubelet may write to its own Node: Kubernetes' admission plugin NodeRestriction. Talos writes a
// worker's labels and taints as its kubelet, those of a control plane as an administrator.

/** Labels of Kubernetes' own namespaces that a kubelet may set. */
const OPEN_LABELS = [
  "kubernetes.io/arch",
  "kubernetes.io/hostname",
  "kubernetes.io/os",
  "beta.kubernetes.io/arch",
  "beta.kubernetes.io/instance-type",
  "beta.kubernetes.io/os",
  "failure-domain.beta.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
];
/** Namespaces in which it may set any. */
const OPEN_NAMESPACES = ["kubelet.kubernetes.io", "node.kubernetes.io"];
const KUBERNETES_NAMESPACES = ["kubernetes.io", "k8s.io"];

/** Whether the API server takes a label of a node from the kubelet of this node. */
export function mayKubeletSet(label: string): boolean {
  const namespace = label.includes("/") ? label.slice(0, label.indexOf("/")) : "";
  const isIn = (names: readonly string[]) =>
    names.some((name) => namespace === name || namespace.endsWith(`.${name}`));
  return !isIn(KUBERNETES_NAMESPACES) || OPEN_LABELS.includes(label) || isIn(OPEN_NAMESPACES);
}

/** Why Talos cannot write everything to a worker. */
export const WRITES_AS_KUBELET = "Talos writes to a worker's node as its kubelet";

/** What to do instead of a label that a kubelet may not set. */
export const OTHER_LABEL =
  "choose a name of your own, such as example.org/role, or set this one with kubectl when the node is there";

/** A taint as the kubelet's configuration writes it. */
export interface RegisteredTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/**
 * Taints of Talos' form, `value:Effect` or `Effect` by key, as a kubelet's `registerWithTaints`: it may
 * give them to a node that it makes, and change none of an existing one.
 */
export function registeredTaints(taints: Readonly<Record<string, string>>): RegisteredTaint[] {
  return Object.entries(taints).map(([key, text]) => {
    const colon = text.indexOf(":");
    const effect = text.slice(colon + 1);
    return colon > 0 ? { key, value: text.slice(0, colon), effect } : { key, effect };
  });
}
