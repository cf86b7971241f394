export { createClusterRuntime, type LabClusterRuntime, type RuntimeOptions } from "./runtime";
export type { ClusterFaults } from "./faults";
export type { ControlPlaneBinaries } from "./controlPlaneProcesses";
export type { MutatingRequest } from "./auditLog";
export type { NodeNetwork } from "./nodeNetwork";
