import type { PatchBuilder } from "./patchBuilder";

/** The proxy to the API servers on each machine's loopback address, which Cilium's agents use. */
export const kubePrismPatch: PatchBuilder = ({ kubePrism }) => ({
  machine: {
    features: {
      kubePrism: kubePrism.enabled ? { enabled: true, port: kubePrism.port } : { enabled: false },
    },
  },
});
