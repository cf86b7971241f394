import type { DataPathRule } from "./dataPathRule";
import { isTrue, on, replacesKubeProxy } from "./facts";

/** What stays on the node. */
export const egressRules: readonly DataPathRule[] = [
  {
    id: "local-redirect-kube-proxy",
    path: "localRedirectPolicies.enabled",
    input: "localRedirectPolicies",
    breaks: (values) =>
      (on(values, "localRedirectPolicies.enabled") || on(values, "localRedirectPolicy")) &&
      !replacesKubeProxy(values) &&
      !isTrue(values, "socketLB.enabled"),
    reason: "packets are redirected where Cilium balances services, which kube-proxy does here",
    fix: "set kubeProxyReplacement to true or leave it out, or set socketLB.enabled to true beside kube-proxy",
  },
];
