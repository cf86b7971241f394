import * as z from "zod/mini";

import { bgpControlPlane } from "./cilium/bgpControlPlane";
import { gatewayAPI } from "./cilium/gatewayAPI";
import { hubble } from "./cilium/hubble";
import { ingressController } from "./cilium/ingressController";
import { l2Announcements } from "./cilium/l2Announcements";
import { bandwidthManager } from "./cilium/bandwidthManager";
import { cidrGroups } from "./cilium/cidrGroups";
import { clusterMesh } from "./cilium/clusterMesh";
import { datapath } from "./cilium/datapath";
import { egressGateway } from "./cilium/egressGateway";
import { encryption } from "./cilium/encryption";
import { hostFirewall } from "./cilium/hostFirewall";
import { imageRegistry } from "./cilium/imageRegistry";
import { lbIPAM } from "./cilium/lbIPAM";
import { loadBalancer } from "./cilium/loadBalancer";
import { localRedirectPolicies } from "./cilium/localRedirectPolicies";
import { managedBy } from "./cilium/managedBy";
import { migration } from "./cilium/migration";
import { monitoring } from "./cilium/monitoring";
import { networkPolicies } from "./cilium/networkPolicies";
import { policyAuditMode } from "./cilium/policyAuditMode";
import { routing } from "./cilium/routing";
import { servingCertApprover } from "./cilium/servingCertApprover";
import { cli, hosted, installMethod } from "./cilium/installMethod";
import * as defaults from "./defaults";
import { defaultedField, field, group, optionalField } from "./field";

export const ciliumSchema = z.strictObject({
  version: field(z.string(), "Version of Cilium and of its chart.", { examples: ["1.20.0"] }),
  installMethod,
  hosted,
  cli,
  managedBy,
  chart: defaultedField(
    z.string(),
    defaults.DEFAULT_CHART,
    "Chart: a name in the repository, a folder, a .tgz archive or an oci:// reference.",
  ),
  repositoryOpts: group(
    {
      repo: optionalField(
        z.string(),
        `Chart repository. Left out: ${defaults.DEFAULT_CHART_REPOSITORY} where chart is a bare name.`,
      ),
    },
    "Where the chart is found.",
  ),
  imageRegistry,
  kubeProxyReplacement: defaultedField(
    z.boolean(),
    defaults.DEFAULT_KUBE_PROXY_REPLACEMENT,
    "Whether Cilium does the work of kube-proxy. Exactly one of this and kubeProxy is on.",
  ),
  operatorReplicas: optionalField(
    z.int(),
    "Replicas of the operator. Left out: 1 where one node alone takes it, else 2.",
  ),
  hubble,
  lbIPAM,
  l2Announcements,
  bgpControlPlane,
  gatewayAPI,
  ingressController,
  encryption,
  routing,
  datapath,
  bandwidthManager,
  loadBalancer,
  monitoring,
  servingCertApprover,
  networkPolicies,
  policyAuditMode,
  hostFirewall,
  egressGateway,
  localRedirectPolicies,
  cidrGroups,
  clusterMesh,
  migration,
  values: defaultedField(
    z.record(z.string(), z.unknown()),
    {},
    "Values of the chart, merged last. What Talos cannot live without survives them.",
  ),
  timeout: optionalField(
    z.string(),
    "Time limit of one operation of Helm, a Go duration. Left out: 2m, or readyTimeout if shorter.",
    { examples: ["5m"] },
  ),
});
