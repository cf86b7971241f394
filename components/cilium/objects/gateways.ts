import type { CiliumSpec } from "../../spec";
import type { GatewaySpec } from "../../spec/cilium/gateways";
import type { CiliumObject, Manifest } from "./ciliumObject";
import { GATEWAY_API, routeManifests } from "./routes";

type Listener = GatewaySpec["listeners"][string];

/** The Gateways, the Secrets of their certificates and the routes of a spec. Pure. */
export function gatewayObjects(cilium: CiliumSpec): CiliumObject[] {
  return [
    ...Object.entries(cilium.gatewayAPI?.gateways ?? {}).flatMap(([name, gateway]) => [
      ...certificates(name, gateway),
      afterReady(gatewayManifest(name, gateway)),
    ]),
    ...routeManifests(cilium).map(afterReady),
  ];
}

function afterReady(manifest: Manifest): CiliumObject {
  return { when: "afterReady", manifest };
}

/** A Gateway of Cilium's class. */
function gatewayManifest(name: string, gateway: GatewaySpec): Manifest {
  const { namespace, annotations, serviceAnnotations, addresses, listeners } = gateway;
  return {
    apiVersion: `${GATEWAY_API}/v1`,
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
