import type { ClusterSpec } from "../schema";
import type { Finding, Rule } from "./rule";

/** How many control planes there are, and where ordinary pods can run. */
export const controlPlaneRules: readonly Rule[] = [
  { id: "no-control-plane", check: noControlPlane },
  { id: "even-control-planes", warns: true, check: evenControlPlanes },
  { id: "nowhere-to-schedule", warns: true, check: nowhereToSchedule },
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

function controlPlanes(spec: ClusterSpec): number {
  return spec.nodes.filter((node) => node.machineType === "controlplane").length;
}
