import { endpointHost } from "../networks";
import type { ClusterSpec, MachineType, NodeSpec } from "../schema";
import type { PatchProblem } from "./index";
import { checkConfigPatches } from "./index";
import { allPatches, sharedPatches, userPatchesFor } from "./userPatches";

/**
 * What is wrong with the patches of a cluster, each finding once. The patches that machines share are
 * looked at on one machine of each type, those of a machine on that one, behind the shared ones.
 */
export function checkSpecPatches(spec: ClusterSpec): PatchProblem[] {
  if (allPatches(spec).length === 0) return [];
  const found = new Map<string, PatchProblem>();
  const keep = (problem: PatchProblem) => {
    const key = `${problem.propertyPath} ${problem.id} ${problem.reason}`;
    if (!found.has(key)) found.set(key, problem);
  };
  const isEmpty = spec.nodes.length === 0;
  for (const type of ["controlplane", "worker"] as const) {
    if (sharedPatches(spec, type).length === 0) continue;
    const node = spec.nodes.find(({ machineType }) => machineType === type);
    checkConfigPatches(sharedPatches(spec, type), machine(spec, node ?? absentNode(type)))
      // What every machine has fits those that there are; it need not fit others.
      .filter(({ propertyPath }) => node ?? (isEmpty || !propertyPath.startsWith("configPatches")))
      .forEach(keep);
  }
  for (const node of spec.nodes.filter(({ configPatches }) => configPatches.length > 0)) {
    const own = `nodes[${spec.nodes.indexOf(node)}].`;
    checkConfigPatches(userPatchesFor(spec, node), machine(spec, node))
      .filter(({ propertyPath }) => propertyPath.startsWith(own))
      .forEach(keep);
  }
  return [...found.values()];
}

function machine(spec: ClusterSpec, node: NodeSpec) {
  const { configContract } = spec;
  const host = endpointHost(spec);
  return {
    configContract,
    machineType: node.machineType,
    spec,
    node,
    ...(host !== undefined && { endpointHost: host }),
  };
}

/** A machine of a type that the spec has none of yet. */
function absentNode(machineType: MachineType): NodeSpec {
  return {
    hostname: "machine",
    ipAddress: "",
    machineType,
    labels: {},
    taints: {},
    networkInterfaces: [],
    configPatches: [],
    configPatchesFrom: [],
  };
}
