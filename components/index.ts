import "./stackTraces";

export * from "./cilium";
export { ClusterBootstrap, type ClusterBootstrapArgs } from "./clusterBootstrap";
export type { BootstrapTimeline } from "./gates/timeline";
export { type LoadedCluster, loadClusterSpec } from "./loadClusterSpec";
export { MachineConfiguration, type MachineConfigurationArgs } from "./machineConfiguration";
export {
  MachineSecrets,
  type ExistingMachineSecrets,
  type MachineSecretsArgs,
} from "./machineSecrets";
export { type Problem, formatProblems } from "./problems";
export * from "./spec";
export { TalosCluster, type ClusterVersions, type TalosClusterArgs } from "./talosCluster";
