import type { PatchBuilder } from "./patchBuilder";

/** No kube-proxy, unless the spec keeps it; what replaces it is Cilium's own setting. */
export const kubeProxyPatch: PatchBuilder = (spec) =>
  spec.kubeProxy ? undefined : { cluster: { proxy: { disabled: true } } };
