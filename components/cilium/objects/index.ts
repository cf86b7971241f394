import type { CiliumSpec } from "../../spec";
import type { CiliumObject } from "./ciliumObject";
import { bgpObjects } from "./bgp";
import { gatewayObjects } from "./gateways";
import { hubbleUIObjects } from "./hubbleUI";
import { l2AnnouncementsObjects } from "./l2Announcements";
import { lbIPAMObjects } from "./lbIPAM";

export { type CiliumObject, type Manifest, pathOf, requiredCRDs } from "./ciliumObject";

/** Every object that the features of a spec need beside the chart: one line for each feature. Pure. */
export function ciliumObjects(cilium: CiliumSpec): CiliumObject[] {
  return [
    lbIPAMObjects,
    l2AnnouncementsObjects,
    bgpObjects,
    gatewayObjects,
    hubbleUIObjects,
  ].flatMap((objects) => objects(cilium));
}
