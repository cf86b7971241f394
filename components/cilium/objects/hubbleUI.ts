import type { CiliumSpec } from "../../spec";
import type { CiliumObject } from "./ciliumObject";
import { httpRouteManifest } from "./routes";

/** The HTTPRoute to Hubble UI, which the chart has from 1.21 on. Pure. */
export function hubbleUIObjects({ hubble }: CiliumSpec): CiliumObject[] {
  const gateway = hubble.ui ? hubble.uiAccess?.gateway : undefined;
  if (!gateway) return [];
  const { name, namespace, sectionName, hostname } = gateway;
  const manifest = httpRouteManifest("hubble-ui", {
    namespace: "kube-system",
    parentRefs: [{ name, namespace, ...(sectionName !== undefined && { sectionName }) }],
    hostnames: [hostname],
    rules: [{ path: "/", pathType: "PathPrefix", backendRefs: [{ name: "hubble-ui", port: 80 }] }],
  });
  return [{ when: "afterReady", manifest }];
}
