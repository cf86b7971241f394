import type { CiliumSpec } from "../../spec";
import type { GatewaySpec, HTTPRouteSpec } from "../../spec/cilium/gateways";
import type { CiliumObject, Manifest } from "./ciliumObject";

const API_VERSION = "gateway.networking.k8s.io/v1";

type Listener = GatewaySpec["listeners"][string];

/** The Gateways, the Secrets of their certificates and the HTTPRoutes of a spec. Pure. */
export function gatewayObjects({ gatewayAPI }: CiliumSpec): CiliumObject[] {
  const { gateways = {}, httpRoutes = {} } = gatewayAPI ?? {};
  return [
    ...Object.entries(gateways).flatMap(([name, gateway]) => [
      ...certificates(name, gateway),
      afterReady(gatewayManifest(name, gateway)),
    ]),
    ...Object.entries(httpRoutes).map(([name, route]) =>
      afterReady(httpRouteManifest(name, route)),
    ),
  ];
}

function afterReady(manifest: Manifest): CiliumObject {
  return { when: "afterReady", manifest };
}

/** A Gateway of Cilium's class. Pure. */
export function gatewayManifest(name: string, gateway: GatewaySpec): Manifest {
  const { namespace, annotations, serviceAnnotations, addresses, listeners } = gateway;
  return {
    apiVersion: API_VERSION,
    kind: "Gateway",
    metadata: { name, namespace, ...(annotations && { annotations }) },
    spec: {
      gatewayClassName: "cilium",
      ...(addresses && { addresses: addresses.map((value) => ({ type: "IPAddress", value })) }),
      ...(serviceAnnotations && { infrastructure: { annotations: serviceAnnotations } }),
      listeners: Object.entries(listeners).map(([key, listener]) => ({
        name: key,
        port: listener.port,
        protocol: listener.protocol,
        ...(listener.hostname !== undefined && { hostname: listener.hostname }),
        ...(listener.protocol !== "HTTP" && { tls: listenerTLS(name, key, listener) }),
        allowedRoutes: { namespaces: { from: listener.allowedRoutes } },
      })),
    },
  };
}

function listenerTLS(gateway: string, name: string, { tls }: Listener): object {
  const mode = tls?.mode ?? "Terminate";
  if (mode === "Passthrough") return { mode };
  return { mode, certificateRefs: [{ kind: "Secret", name: secretName(gateway, name, tls) }] };
}

function secretName(gateway: string, listener: string, tls: Listener["tls"]): string {
  return tls?.secretName ?? `${gateway}-${listener}-tls`;
}

function certificates(gateway: string, { namespace, listeners }: GatewaySpec): CiliumObject[] {
  return Object.entries(listeners).flatMap(([key, { tls }]): CiliumObject[] => {
    if (tls?.certificateFrom === undefined || tls.privateKeyFrom === undefined) return [];
    return [
      {
        when: "afterReady",
        manifest: {
          apiVersion: "v1",
          kind: "Secret",
          type: "kubernetes.io/tls",
          metadata: { name: secretName(gateway, key, tls), namespace },
        },
        secretData: { "tls.crt": tls.certificateFrom, "tls.key": tls.privateKeyFrom },
      },
    ];
  });
}

/** An HTTPRoute. Pure. */
export function httpRouteManifest(name: string, route: HTTPRouteSpec): Manifest {
  const { namespace, parentRefs, hostnames, rules } = route;
  return {
    apiVersion: API_VERSION,
    kind: "HTTPRoute",
    metadata: { name, namespace },
    spec: {
      parentRefs,
      ...(hostnames && { hostnames }),
      rules: rules.map(({ path, pathType, redirectToHTTPS, backendRefs }) => ({
        matches: [{ path: { type: pathType, value: path } }],
        ...(redirectToHTTPS && {
          filters: [
            { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } },
          ],
        }),
        ...(backendRefs && { backendRefs }),
      })),
    },
  };
}
