import { load } from "js-yaml";

import { isMap } from "../../values/chartValues";
import { allPatches } from "../configPatches/userPatches";
import { propertyPath } from "../propertyPath";
import type { ClusterSpec } from "../schema";
import { operatorBlockers } from "../operatorPlaces";
import { ownValue } from "./features/chartValue";
import { labelsOf, selects } from "./nodeLabels";
import type { Finding, Rule } from "./rule";

/** How many control planes there are, and where ordinary pods can run. */
export const controlPlaneRules: readonly Rule[] = [
  { id: "no-control-plane", check: noControlPlane },
  { id: "even-control-planes", warns: true, check: evenControlPlanes },
  { id: "nowhere-to-schedule", warns: true, check: nowhereToSchedule },
  { id: "operator-nowhere", silenceable: true, check: operatorNowhere },
  { id: "operator-selector", silenceable: true, check: operatorSelector },
  { id: "manifests-differ", warns: true, check: manifestsDiffer },
];

function* noControlPlane(spec: ClusterSpec): Iterable<Finding> {
  if (controlPlanes(spec) > 0) return;
  yield {
    propertyPath: "nodes",
    got: spec.nodes.map((node) => `${node.hostname}: ${node.machineType}`),
    reason: "no machine is a control plane, so there is none to bootstrap",
    fix: "give at least one node machineType: controlplane",
  };
}

function* evenControlPlanes(spec: ClusterSpec): Iterable<Finding> {
  const count = controlPlanes(spec);
  if (count === 0 || count % 2 === 1) return;
  yield {
    propertyPath: "nodes",
    got: `${count} control planes`,
    reason: `etcd with ${count} members survives the loss of ${Math.ceil(count / 2) - 1}, as with ${count - 1}, and has one more that can fail`,
    fix: `make it ${count - 1} or ${count + 1}`,
  };
}

function* nowhereToSchedule(spec: ClusterSpec): Iterable<Finding> {
  const workers = spec.nodes.length - controlPlanes(spec);
  if (workers > 0 || spec.nodes.length === 0 || spec.allowSchedulingOnControlPlanes) return;
  yield {
    propertyPath: "allowSchedulingOnControlPlanes",
    got: false,
    reason: `there are no workers and control planes take no ordinary pods`,
    fix: "set it to true, or add a worker",
  };
}

function* operatorNowhere(spec: ClusterSpec): Iterable<Finding> {
  const blockers = operatorBlockers(spec);
  const [first] = blockers;
  if (!first || blockers.includes(undefined)) return;
  yield {
    propertyPath: propertyPath(["nodes", 0, "taints", first[0]]),
    got: first[1],
    reason:
      "every node has a taint that Cilium's operator does not tolerate, and without it no pod gets an address",
    fix: "leave one node without such a taint, or set cilium.values.operator.tolerations",
  };
}

/** What a kubelet or a cloud says of a node, with a value that no spec tells. */
const FOREIGN_LABEL = /^(kubernetes\.io\/arch$|node\.kubernetes\.io\/instance-type$|topology\.)/;

function* operatorSelector(spec: ClusterSpec): Iterable<Finding> {
  const got = ownValue(spec.cilium, "operator.nodeSelector");
  if (!isMap(got) || spec.nodes.length === 0) return;
  const patches = allPatches(spec);
  const matchLabels = Object.fromEntries(
    Object.entries(got)
      // null takes a label of the chart's own out.
      .filter(([, value]) => value !== null)
      .filter(
        ([key]) => !FOREIGN_LABEL.test(key) && !patches.some(({ text }) => text.includes(key)),
      )
      .map(([key, value]) => [key, String(value)]),
  );
  if (spec.nodes.some((node) => selects({ matchLabels }, labelsOf(node)))) return;
  const isRole = Object.keys(got).some((key) => key.startsWith("node-role.kubernetes.io/"));
  yield {
    propertyPath: "cilium.values.operator.nodeSelector",
    got,
    reason:
      "no node has these labels, and without an operator no CRDs are made and no agent starts",
    fix: isRole
      ? 'write node-role.kubernetes.io/control-plane: "", the label of control planes on Talos, or remove it'
      : "add them to labels of a node, or remove it",
  };
}

/** Each control plane writes at its boot what its own configuration has. */
function* manifestsDiffer({ nodes }: ClusterSpec): Iterable<Finding> {
  const own = nodes.flatMap(({ machineType, configPatches }, index) =>
    machineType === "controlplane"
      ? [{ index, manifests: JSON.stringify(configPatches.map(manifestsOf).filter(Boolean)) }]
      : [],
  );
  const other = own.find(({ manifests }) => manifests !== own[0]!.manifests);
  if (!other) return;
  const at = other.manifests === "[]" ? own[0]! : other;
  yield {
    propertyPath: `nodes[${at.index}].configPatches`,
    reason:
      "inline and extra manifests of control planes differ, so what the cluster has hangs on which of them boots last",
    fix: "move them to controlPlaneConfigPatches, which all of them have",
  };
}

function manifestsOf(patch: string): unknown {
  try {
    const { cluster } = (load(patch) ?? {}) as { cluster?: Record<string, unknown> };
    const { inlineManifests, extraManifests } = cluster ?? {};
    return inlineManifests || extraManifests ? [inlineManifests, extraManifests] : undefined;
  } catch {
    // What is no YAML, or several documents, has rules of its own.
    return undefined;
  }
}

function controlPlanes(spec: ClusterSpec): number {
  return spec.nodes.filter((node) => node.machineType === "controlplane").length;
}
