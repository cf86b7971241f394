import { mayKubeletSet, OTHER_LABEL, WRITES_AS_KUBELET } from "../nodeRestriction";
import { propertyPath } from "../propertyPath";
import type { ClusterSpec } from "../schema";
import type { Finding, Rule } from "./rule";

/** Labels that no worker gets. An API server can be told to take them. */
export const nodeRestrictionRules: readonly Rule[] = [
  { id: "node-restriction", silenceable: true, check: nodeRestriction },
];

function* nodeRestriction({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const [index, { machineType, labels }] of nodes.entries()) {
    if (machineType === "controlplane") continue;
    for (const [key, value] of Object.entries(labels)) {
      if (mayKubeletSet(key)) continue;
      yield {
        propertyPath: propertyPath(["nodes", index, "labels", key]),
        got: value,
        reason: `${WRITES_AS_KUBELET}, and a kubelet may not set this label: none of the machine's labels would get there`,
        fix: OTHER_LABEL,
      };
    }
  }
}
