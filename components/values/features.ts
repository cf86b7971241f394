import type { CiliumSpec } from "../spec";

/** The features whose values are built from their group of the spec. */
export type CiliumFeatures = Pick<
  CiliumSpec,
  | "l2Announcements"
  | "bgpControlPlane"
  | "gatewayAPI"
  | "ingressController"
  | "encryption"
  | "routing"
  | "datapath"
  | "bandwidthManager"
  | "loadBalancer"
  | "monitoring"
  | "policyAuditMode"
  | "hostFirewall"
  | "egressGateway"
  | "clusterMesh"
  | "localRedirectPolicies"
  | "migration"
>;
