import type { PatchBuilder } from "./patchBuilder";

/** Extra arguments of the kubelet, and the networks among whose addresses it picks the node's. */
export const kubeletPatch: PatchBuilder = ({ kubelet }) => {
  const extraArgs = Object.keys(kubelet.extraArgs).length > 0;
  const nodeIP = kubelet.nodeIPSubnets.length > 0;
  if (!extraArgs && !nodeIP) return undefined;
  return {
    machine: {
      kubelet: {
        ...(extraArgs && { extraArgs: kubelet.extraArgs }),
        ...(nodeIP && { nodeIP: { validSubnets: kubelet.nodeIPSubnets } }),
      },
    },
  };
};
