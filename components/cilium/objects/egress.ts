import type { CiliumSpec } from "../../spec";
import type { CiliumObject, Manifest } from "./ciliumObject";
import { graduatedVersion } from "./lbIPAM";

/** Policies of egress gateways and local redirection, and groups of networks. Pure. */
export function egressObjects(cilium: CiliumSpec): CiliumObject[] {
  const { version, egressGateway, localRedirectPolicies, cidrGroups = {} } = cilium;
  return [
    ...Object.entries(cidrGroups).map(([name, externalCIDRs]): Manifest => ({
      apiVersion: graduatedVersion(version),
      kind: "CiliumCIDRGroup",
      metadata: { name },
      spec: { externalCIDRs },
    })),
    ...Object.entries(egressGateway?.policies ?? {}).map(([name, spec]): Manifest => ({
      apiVersion: "cilium.io/v2",
      kind: "CiliumEgressGatewayPolicy",
      metadata: { name },
      spec,
    })),
    ...Object.entries(localRedirectPolicies?.policies ?? {}).map(
      ([name, { namespace, ...spec }]): Manifest => ({
        apiVersion: "cilium.io/v2",
        kind: "CiliumLocalRedirectPolicy",
        metadata: { name, namespace },
        spec,
      }),
    ),
  ].map((manifest) => ({ when: "afterReady", manifest }));
}
