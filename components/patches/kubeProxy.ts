import { hasReached } from "../spec/cilium/migration";
import type { PatchBuilder } from "./patchBuilder";

/** No kube-proxy, unless the spec keeps it; what replaces it is Cilium's own setting. A migration removes it last. */
export const kubeProxyPatch: PatchBuilder = (spec) =>
  spec.kubeProxy || !hasReached("done", spec.cilium.migration)
    ? undefined
    : { cluster: { proxy: { disabled: true } } };
