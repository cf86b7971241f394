export type { ClusterRuntime, ConfiguredNode, EtcdMember } from "./clusterRuntime";
export { DEFAULT_DISKS, simulatedDisk } from "./disks";
export { type Diagnostic, type Faults, MUTATING_RPCS, NO_FAULTS, type RpcName } from "./faults";
export { aliasCommands } from "./loopback";
export { Machines, type MachinesOptions, type MachineSpec } from "./machines";
export {
  DEFAULT_TIMINGS,
  type ConfigurationValidator,
  type Stage,
  type Timings,
} from "./nodeOptions";
export type { SimulatedNode } from "./simulatedNode";
