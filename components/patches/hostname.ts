import { contractAtLeast } from "./configContract";
import type { PatchBuilder } from "./patchBuilder";

/**
 * The machine's name. From contract 1.12 on it has a document of its own, where `auto: off` must
 * stand beside a static name: machines refuse the generated `stable` next to one, and the old field
 * next to the document.
 */
export const hostnamePatch: PatchBuilder = (spec, node) =>
  contractAtLeast(spec.configContract, 12)
    ? { apiVersion: "v1alpha1", kind: "HostnameConfig", auto: "off", hostname: node.hostname }
    : { machine: { network: { hostname: node.hostname } } };
