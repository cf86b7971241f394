import { forwardsKubeDNS } from "../spec/hostDNS";
import type { PatchBuilder } from "./patchBuilder";

/** The resolver on each machine, and whether CoreDNS forwards to it. */
export const hostDNSPatch: PatchBuilder = (spec) => ({
  machine: {
    features: {
      hostDNS: {
        enabled: spec.hostDNS.enabled,
        // Machines refuse forwarding to a resolver that is off.
        forwardKubeDNSToHost: forwardsKubeDNS(spec),
      },
    },
  },
});
