import type { PatchBuilder } from "./patchBuilder";

/** The machine's network interfaces: addresses, routes, VLANs, the floating control-plane address. */
export const networkInterfacesPatch: PatchBuilder = (_spec, node) =>
  node.networkInterfaces.length > 0
    ? { machine: { network: { interfaces: node.networkInterfaces } } }
    : undefined;
