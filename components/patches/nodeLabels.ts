import { registeredTaints } from "../spec/nodeRestriction";
import type { PatchBuilder } from "./patchBuilder";

/**
 * Labels and taints of the Kubernetes node. Talos keeps them as the configuration says, but for a worker's
 * taints, which only the kubelet that makes the node may set.
 */
export const nodeLabelsPatch: PatchBuilder = (_spec, { machineType, labels, taints }) => {
  const hasLabels = Object.keys(labels).length > 0;
  const hasTaints = Object.keys(taints).length > 0;
  if (!hasLabels && !hasTaints) return undefined;
  return {
    machine: {
      ...(hasLabels && { nodeLabels: labels }),
      ...(hasTaints && taintsPatch(machineType === "controlplane", taints)),
    },
  };
};

function taintsPatch(isControlPlane: boolean, taints: Readonly<Record<string, string>>): object {
  if (isControlPlane) return { nodeTaints: taints };
  return { kubelet: { extraConfig: { registerWithTaints: registeredTaints(taints) } } };
}
