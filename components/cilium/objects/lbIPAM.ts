import type { CiliumSpec } from "../../spec";
import { minorNumber } from "../../values";
import type { CiliumObject } from "./ciliumObject";

/** A pool of addresses for each entry of `lbIPAM.pools`. Pure. */
export function lbIPAMObjects({ version, lbIPAM }: CiliumSpec): CiliumObject[] {
  return Object.entries(lbIPAM?.pools ?? {}).map(([name, spec]) => ({
    when: "afterReady",
    manifest: {
      apiVersion: graduatedVersion(version),
      kind: "CiliumLoadBalancerIPPool",
      metadata: { name },
      spec,
    },
  }));
}

/** Pools and BGP are `v2` from 1.18 on, where `v2alpha1` is still served but warned about. Pure. */
export function graduatedVersion(version: string): string {
  return minorNumber(version) >= 18 ? "cilium.io/v2" : "cilium.io/v2alpha1";
}
