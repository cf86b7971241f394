import type { PatchBuilder } from "./patchBuilder";

/**
 * Talos' own mesh of WireGuard between the machines. Networks of pods stay out of it: Cilium's
 * tunnels, which go from machine to machine, carry them.
 */
export const kubeSpanPatch: PatchBuilder = ({ kubeSpan }) =>
  kubeSpan && {
    machine: {
      network: {
        kubespan: {
          enabled: true,
          ...(kubeSpan.mtu !== undefined && { mtu: kubeSpan.mtu }),
          ...(kubeSpan.allowDownPeerBypass !== undefined && {
            allowDownPeerBypass: kubeSpan.allowDownPeerBypass,
          }),
        },
      },
    },
  };
