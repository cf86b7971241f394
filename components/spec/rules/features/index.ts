import type { Problem } from "../../../problems";
import type { CiliumSpec } from "../../schema";
import type { CiliumRule } from "./ciliumRule";
import { bgpRules } from "./bgp";
import { gatewayAPIRules } from "./gatewayAPI";
import { gatewayNameRules } from "./gatewayNames";
import { referenceRules } from "./references";
import { routeRules } from "./routes";
import { hubbleFeatureRules } from "./hubble";
import { imageRules } from "./images";
import { ingressControllerRules } from "./ingressController";
import { l2AnnouncementsRules } from "./l2Announcements";
import { lbIPAMRules } from "./lbIPAM";
import { objectRules } from "./names";
import { clusterMeshRules } from "./clusterMesh";
import { egressRules } from "./egress";
import { localRedirectRules } from "./localRedirect";
import { encryptionRules } from "./encryption";
import { hostFirewallRules } from "./hostFirewall";
import { monitoringFeatureRules } from "./monitoring";
import { switchedOffRules } from "./switchedOff";
import { networkPolicyRules } from "./networkPolicies";

export { type CiliumRule, ofCluster } from "./ciliumRule";

/** Every rule about features of Cilium that needs no cluster, by topic: one line for each feature. */
export const featureRules: Readonly<Record<string, readonly CiliumRule[]>> = {
  "Objects of features": [...objectRules, ...referenceRules],
  "Addresses of Services": [...lbIPAMRules, ...l2AnnouncementsRules],
  BGP: bgpRules,
  "Gateway API": [...gatewayAPIRules, ...gatewayNameRules, ...routeRules],
  Ingress: ingressControllerRules,
  Hubble: hubbleFeatureRules,
  Encryption: encryptionRules,
  "Network policies": networkPolicyRules,
  "Host firewall": hostFirewallRules,
  "Egress and redirection": [...egressRules, ...localRedirectRules],
  "Cluster mesh": clusterMeshRules,
  Monitoring: monitoringFeatureRules,
  Images: imageRules,
  "Keys and values that disagree": switchedOffRules,
};

/** What these rules find where there is no cluster to ask the others about. */
export function featureFindings(cilium: CiliumSpec): (Problem & { readonly warns: boolean })[] {
  return Object.values(featureRules)
    .flat()
    .flatMap(({ id, warns = false, check }) =>
      [...check(cilium)].map((finding) => ({ id, warns, ...finding })),
    );
}
