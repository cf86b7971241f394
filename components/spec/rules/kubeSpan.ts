import type { ClusterSpec } from "../schema";
import type { Finding, Rule } from "./rule";

/** Talos' mesh between machines, next to Cilium; what concerns the chart's values is judged by them. */
export const kubeSpanRules: readonly Rule[] = [
  { id: "kubespan-networks", warns: true, check: kubeSpanNetworks },
];

function* kubeSpanNetworks(spec: ClusterSpec): Iterable<Finding> {
  const { routing, values } = spec.cilium;
  if ((values["routingMode"] ?? routing?.mode) === "native") return;
  for (const [index, patch] of spec.configPatches.entries()) {
    if (!/advertiseKubernetesNetworks:\s*true/.test(patch)) continue;
    yield {
      propertyPath: `configPatches[${index}]`,
      reason:
        "advertiseKubernetesNetworks leads packets of pods into KubeSpan, past Cilium's tunnels and what they tell of the sender",
      fix: "remove it: the tunnels go through KubeSpan as they are",
    };
  }
}
