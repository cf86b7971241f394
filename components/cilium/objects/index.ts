import type { CiliumSpec } from "../../spec";
import type { CiliumObject } from "./ciliumObject";
import { bgpObjects } from "./bgp";
import { gatewayObjects } from "./gateways";
import { hubbleUIObjects } from "./hubbleUI";
import { l2AnnouncementsObjects } from "./l2Announcements";
import { egressObjects } from "./egress";
import { hostFirewallObjects } from "./hostFirewall";
import { lbIPAMObjects } from "./lbIPAM";
import { monitoringObjects } from "./monitoring";
import { networkPolicyObjects } from "./networkPolicies";
import { servingCertApproverObjects } from "./servingCertApprover";

export {
  type CiliumObject,
  type Manifest,
  collectionOf,
  foreignCRDs,
  pathOf,
  requiredCRDs,
} from "./ciliumObject";

/** Every object that the features of a spec need beside the chart: one line for each feature. Pure. */
export function ciliumObjects(cilium: CiliumSpec): CiliumObject[] {
  return [
    lbIPAMObjects,
    l2AnnouncementsObjects,
    bgpObjects,
    gatewayObjects,
    hubbleUIObjects,
    monitoringObjects,
    servingCertApproverObjects,
    egressObjects,
    networkPolicyObjects,
    hostFirewallObjects,
  ].flatMap((objects) => objects(cilium));
}
