import type { NodeSpec } from "../schema";
import type { Selector } from "./features/names";

/** Labels that a node has without anybody's doing, and those of its entry. */
export function labelsOf(node: NodeSpec): Readonly<Record<string, string>> {
  return {
    "kubernetes.io/hostname": node.hostname,
    "kubernetes.io/os": "linux",
    ...(node.machineType === "controlplane" && {
      "node-role.kubernetes.io/control-plane": "",
      "node.kubernetes.io/exclude-from-external-load-balancers": "",
    }),
    ...node.labels,
  };
}

/** Whether a selector takes what has these labels. */
export function selects(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      const isIn = value !== undefined && values.includes(value);
      return operator === "In" ? isIn : !isIn;
    })
  );
}
