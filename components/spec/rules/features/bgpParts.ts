import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";

/** Below the key of BGP. */
export type Path = readonly (string | number)[];

export const LARGEST_ASN = 4294967295;

const NONE = { clusterConfigs: {}, peerConfigs: {}, advertisements: {}, nodeConfigOverrides: {} };

/** BGP as it is said; empty where it is not. */
export function of({ bgpControlPlane }: CiliumSpec): NonNullable<CiliumSpec["bgpControlPlane"]> {
  return bgpControlPlane ?? NONE;
}

/** Every instance, and where it stands. */
export function* instancesOf(cilium: CiliumSpec) {
  for (const [name, { bgpInstances: instances }] of Object.entries(of(cilium).clusterConfigs)) {
    for (const [index, instance] of instances.entries()) {
      yield { instance, path: ["clusterConfigs", name, "bgpInstances", index] as Path };
    }
  }
}

/** Every advertisement, and where it stands. */
export function* advertisedBy(cilium: CiliumSpec) {
  for (const [name, { advertisements }] of Object.entries(of(cilium).advertisements)) {
    for (const [index, one] of advertisements.entries()) {
      yield { one, path: ["advertisements", name, "advertisements", index] as Path };
    }
  }
}

/** Of a place below the key of BGP. */
export function at(...path: Path): string {
  return propertyPath(["cilium", "bgpControlPlane", ...path]);
}
