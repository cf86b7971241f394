import type { ServedKind } from "../gates/served";
import type { CiliumSpec } from "../spec";
import { gatewayAPIVersions, tlsRouteVersion } from "../spec/compatibility";
import { minorNumber } from "../values";

/**
 * The kinds that have to be served before Helm is asked, whoever installs their CRDs: the operator
 * looks for those of Gateway API only when it starts, and objects of the chart are of the others. Pure.
 */
export function neededKinds({ gatewayAPI, hubble, version }: CiliumSpec): ServedKind[] {
  const kinds: ServedKind[] = [];
  if (gatewayAPI) {
    const minor = minorNumber(version);
    const needed = {
      ...gatewayAPIVersions(minor),
      ...(Object.keys(gatewayAPI.tlsRoutes).length > 0 && { tlsroutes: tlsRouteVersion(minor) }),
    };
    for (const [plural, kindVersion] of Object.entries(needed)) {
      kinds.push({ group: "gateway.networking.k8s.io", version: kindVersion, plural });
    }
  }
  if (hubble.enabled && hubble.tls?.method === "certmanager") {
    kinds.push({ group: "cert-manager.io", version: "v1", plural: "certificates" });
  }
  return kinds;
}
