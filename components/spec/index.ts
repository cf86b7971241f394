export {
  type CheckedMachine,
  type PatchProblem,
  type UserPatch,
  checkConfigPatches,
  userPatchesFor,
} from "./configPatches";
export * from "./defaults";
export { isByTalos, isRendered } from "./cilium/installMethod";
export { durationSeconds } from "./duration";
export { meshPeer, meshed, withMeshPeers } from "./mesh";
export { nearest } from "./nearest";
export { parseClusterSpec, type ParseContext, type ParsedClusterSpec } from "./parse";
export { parseCiliumSpec, type ParsedCiliumSpec } from "./parseCilium";
export type {
  ApplyMode,
  CiliumSpec,
  CiliumSpecInput,
  ClusterSpec,
  ClusterSpecInput,
  MachineType,
  NodeSpec,
  NodeSpecInput,
} from "./schema";
