import type { CiliumSpec } from "../../spec";
import type { GRPCRouteSpec, HTTPRouteSpec } from "../../spec/cilium/routes";
import { tlsRouteVersion } from "../../spec/compatibility";
import { minorNumber } from "../../values";
import type { Manifest } from "./ciliumObject";

export const GATEWAY_API = "gateway.networking.k8s.io";

/** Every route of a spec. Pure. */
export function routeManifests({ version, gatewayAPI }: CiliumSpec): Manifest[] {
  const { httpRoutes = {}, grpcRoutes = {}, tlsRoutes = {} } = gatewayAPI ?? {};
  const tlsVersion = tlsRouteVersion(minorNumber(version));
  return [
    ...Object.entries(httpRoutes).map(([name, route]) => httpRouteManifest(name, route)),
    ...Object.entries(grpcRoutes).map(([name, route]) =>
      manifestOf("GRPCRoute", name, route, route.rules.map(grpcRule)),
    ),
    ...Object.entries(tlsRoutes).map(([name, route]) =>
      manifestOf("TLSRoute", name, route, [{ backendRefs: route.backendRefs }], tlsVersion),
    ),
  ];
}

/** An HTTPRoute. Pure. */
export function httpRouteManifest(name: string, route: HTTPRouteSpec): Manifest {
  return manifestOf("HTTPRoute", name, route, route.rules.map(httpRule));
}

function manifestOf(
  kind: string,
  name: string,
  {
    namespace,
    parentRefs,
    hostnames,
  }: Pick<HTTPRouteSpec, "namespace" | "parentRefs" | "hostnames">,
  rules: readonly object[],
  version = "v1",
): Manifest {
  return {
    apiVersion: `${GATEWAY_API}/${version}`,
    kind,
    metadata: { name, namespace },
    spec: { parentRefs, ...(hostnames && { hostnames }), rules },
  };
}

function httpRule(rule: HTTPRouteSpec["rules"][number]): object {
  const { path, pathType, redirectToHTTPS, backendRefs } = rule;
  return {
    matches: [{ path: { type: pathType, value: path } }],
    ...(redirectToHTTPS && {
      filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }],
    }),
    ...(backendRefs && { backendRefs }),
  };
}

/** A rule that names neither service nor method matches every call, and says so by no match at all. */
function grpcRule({ backendRefs, ...method }: GRPCRouteSpec["rules"][number]): object {
  const isAny = Object.values(method).every((each) => each === undefined);
  return { ...(!isAny && { matches: [{ method: { type: "Exact", ...method } }] }), backendRefs };
}
