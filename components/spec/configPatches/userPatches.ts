import type { ClusterSpec, MachineType, NodeSpec } from "../schema";

/** A patch that a user gave, and where. */
export interface UserPatch {
  readonly text: string;
  readonly propertyPath: string;
}

/** The patches of a machine in the order of their application: cluster, machine type, node. */
export function userPatchesFor(spec: ClusterSpec, node: NodeSpec): UserPatch[] {
  const index = spec.nodes.indexOf(node);
  return [
    ...sharedPatches(spec, node.machineType),
    ...named(node.configPatches, `nodes[${index}].configPatches`),
  ];
}

/** The patches that every machine of a type has. */
export function sharedPatches(spec: ClusterSpec, machineType: MachineType): UserPatch[] {
  const key = machineType === "controlplane" ? "controlPlaneConfigPatches" : "workerConfigPatches";
  return [...named(spec.configPatches, "configPatches"), ...named(spec[key], key)];
}

/** Every patch of a spec, once. */
export function allPatches(spec: ClusterSpec): UserPatch[] {
  return [
    ...named(spec.configPatches, "configPatches"),
    ...named(spec.controlPlaneConfigPatches, "controlPlaneConfigPatches"),
    ...named(spec.workerConfigPatches, "workerConfigPatches"),
    ...spec.nodes.flatMap((node, index) =>
      named(node.configPatches, `nodes[${index}].configPatches`),
    ),
  ];
}

function named(texts: readonly string[], path: string): UserPatch[] {
  return texts.map((text, index) => ({ text, propertyPath: `${path}[${index}]` }));
}
