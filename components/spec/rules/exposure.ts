import { overlap } from "../cidr";
import { nodeAddresses, podNetworks, serviceNetworks, vips } from "../networks";
import { propertyPath } from "../propertyPath";
import type { ClusterSpec, NodeSpec } from "../schema";
import { rangeOf } from "./features/lbIPAM";
import type { Selector } from "./features/names";
import type { Finding, Rule } from "./rule";

/** What of the addresses for Services depends on the cluster. */
export const exposureRules: readonly Rule[] = [
  { id: "pool-in-cluster-network", check: poolInClusterNetwork },
  { id: "l2-no-node", warns: true, check: l2NoNode },
];

function* poolInClusterNetwork(spec: ClusterSpec): Iterable<Finding> {
  const taken = [
    ...podNetworks(spec),
    ...serviceNetworks(spec),
    ...nodeAddresses(spec),
    ...vips(spec),
  ];
  for (const [name, { blocks }] of Object.entries(spec.cilium.lbIPAM?.pools ?? {})) {
    for (const [index, got] of blocks.entries()) {
      const range = rangeOf(got);
      const other = range && taken.find((one) => overlap(one, range));
      if (!other) continue;
      yield {
        propertyPath: propertyPath(["cilium", "lbIPAM", "pools", name, "blocks", index]),
        got,
        reason: `it holds addresses of ${other.propertyPath} (${other.text})`,
        fix: "choose addresses that nothing else uses",
      };
    }
  }
}

function* l2NoNode(spec: ClusterSpec): Iterable<Finding> {
  const policies = spec.cilium.l2Announcements?.policies ?? {};
  for (const [name, { nodeSelector }] of Object.entries(policies)) {
    if (!nodeSelector || spec.nodes.some((node) => selects(nodeSelector, labelsOf(node)))) continue;
    yield {
      propertyPath: propertyPath(["cilium", "l2Announcements", "policies", name, "nodeSelector"]),
      got: nodeSelector,
      reason:
        "no node has these labels by its entry in nodes, and then nothing is announced, without an error",
      fix: "add them to labels of a node; nothing is wrong where something else sets them",
    };
  }
}

/** Labels that a node has without anybody's doing, and those of its entry. */
function labelsOf(node: NodeSpec): Readonly<Record<string, string>> {
  return {
    "kubernetes.io/hostname": node.hostname,
    "kubernetes.io/os": "linux",
    ...(node.machineType === "controlplane" && {
      "node-role.kubernetes.io/control-plane": "",
      "node.kubernetes.io/exclude-from-external-load-balancers": "",
    }),
    ...node.labels,
  };
}

function selects(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      const isIn = value !== undefined && values.includes(value);
      return operator === "In" ? isIn : !isIn;
    })
  );
}
