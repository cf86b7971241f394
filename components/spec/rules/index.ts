import { addressRules } from "./addresses";
import { ciliumRules } from "./cilium";
import { configKeyRules } from "./configKeys";
import { meshClusterRules } from "./features/clusterMesh";
import { clusterEndpointRules } from "./clusterEndpoint";
import { controlPlaneRules } from "./controlPlanes";
import { exposureRules } from "./exposure";
import { featureRules, ofCluster } from "./features";
import { installRules } from "./install";
import { kubeSpanRules } from "./kubeSpan";
import { sharedAddressRules } from "./sharedAddresses";
import { linkRouteRules } from "./linkRoutes";
import { linkRules } from "./links";
import { machineRules } from "./machines";
import { migrationRules } from "./migration";
import { nameRules } from "./names";
import { nodeRestrictionRules } from "./nodeRestriction";
import type { Rule } from "./rule";
import { secretRules } from "./secrets";
import { servingCertRules } from "./servingCerts";
import { subnetRules } from "./subnets";
import { timingRules } from "./timing";
import { versionRules } from "./versions";

/** Every rule about a cluster; a new one is a row in the file of its topic. */
export const rules: readonly Rule[] = [
  ...nameRules,
  ...nodeRestrictionRules,
  ...versionRules,
  ...controlPlaneRules,
  ...clusterEndpointRules,
  ...subnetRules,
  ...addressRules,
  ...linkRules,
  ...sharedAddressRules,
  ...linkRouteRules,
  ...machineRules,
  ...ciliumRules,
  ...exposureRules,
  ...kubeSpanRules,
  ...meshClusterRules,
  ...migrationRules,
  ...ofCluster(Object.values(featureRules).flat()),
  ...servingCertRules,
  ...installRules,
  ...timingRules,
  ...secretRules,
  ...configKeyRules,
];
