import type { PatchBuilder } from "./patchBuilder";

/** Labels and taints of the Kubernetes node; Talos keeps them as the configuration says. */
export const nodeLabelsPatch: PatchBuilder = (_spec, node) => {
  const labels = Object.keys(node.labels).length > 0;
  const taints = Object.keys(node.taints).length > 0;
  if (!labels && !taints) return undefined;
  return {
    machine: {
      ...(labels && { nodeLabels: node.labels }),
      ...(taints && { nodeTaints: node.taints }),
    },
  };
};
