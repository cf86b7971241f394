import { apiServerRules } from "./apiServer";
import { clusterMeshRules } from "./clusterMesh";
import { clusterNameRules } from "./clusterName";
import { durationRules } from "./durations";
import { hubbleRules } from "./hubble";
import { hubbleCertificateRules } from "./hubbleCertificates";
import { identityRules } from "./identities";
import { nullRules } from "./nulls";
import { proxyRules } from "./proxies";
import type { RenderRule } from "./renderRule";
import { routingRules } from "./routing";

export type { RenderRule } from "./renderRule";

/** Those that values alone decide; what depends on the cluster, like its CRDs, is not among them. */
export const renderRules: readonly RenderRule[] = [
  ...apiServerRules,
  ...hubbleRules,
  ...hubbleCertificateRules,
  ...proxyRules,
  ...clusterNameRules,
  ...clusterMeshRules,
  ...routingRules,
  ...identityRules,
  ...durationRules,
  ...nullRules,
];
