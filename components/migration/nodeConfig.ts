import type { CiliumObject } from "../cilium/objects";
import { MOVED_LABEL } from "./facts";

/** Makes Cilium the CNI of the nodes that a migration labels: their agents read it when they start. Pure. */
export function nodeConfigObject(): CiliumObject {
  return {
    when: "afterReady",
    manifest: {
      apiVersion: "cilium.io/v2",
      kind: "CiliumNodeConfig",
      metadata: { name: "moved-from-flannel", namespace: "kube-system" },
      spec: {
        nodeSelector: { matchLabels: { [MOVED_LABEL]: "true" } },
        defaults: {
          "custom-cni-conf": "false",
          "cni-chaining-mode": "none",
          "cni-exclusive": "true",
          "write-cni-conf-when-ready": "/host/etc/cni/net.d/05-cilium.conflist",
        },
      },
    },
  };
}
