import type { PatchBuilder } from "./patchBuilder";

/** The resolver on each machine, and whether CoreDNS forwards to it. */
export const hostDNSPatch: PatchBuilder = ({ hostDNS }) => ({
  machine: {
    features: {
      hostDNS: {
        enabled: hostDNS.enabled,
        // Machines refuse forwarding to a resolver that is off.
        forwardKubeDNSToHost: hostDNS.enabled && hostDNS.forwardKubeDNSToHost,
      },
    },
  },
});
