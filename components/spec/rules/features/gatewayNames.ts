import { parseAddress } from "../../cidr";
import { isDnsName } from "../../kubernetesNames";
import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import { haveNameInCommon } from "./attachment";
import type { CiliumRule } from "./ciliumRule";

/** Names that listeners and routes have, and answer to; the CRDs refuse others, when all else is up. */
export const gatewayNameRules: readonly CiliumRule[] = [
  { id: "gateway-listener-name", check: listenerName },
  { id: "gateway-hostname", check: gatewayHostname },
  { id: "route-hostname", warns: true, check: routeHostname },
];

type Path = readonly (string | number)[];
const ROUTES = ["httpRoutes", "grpcRoutes", "tlsRoutes"] as const;

function* listenerName({ gatewayAPI }: CiliumSpec): Iterable<Finding> {
  for (const [gateway, { listeners }] of Object.entries(gatewayAPI?.gateways ?? {})) {
    for (const name of Object.keys(listeners).filter((each) => !isDnsName(each))) {
      yield {
        propertyPath: at("gateways", gateway, "listeners", name),
        got: name,
        reason: "it is no name of a listener: a DNS name in lower case",
        fix: "write for example https",
      };
    }
  }
}

function* gatewayHostname(cilium: CiliumSpec): Iterable<Finding> {
  for (const [path, got] of hostnamesOf(cilium)) {
    if (isDnsName(got.replace(/^\*\./, "")) && !parseAddress(got)) continue;
    yield {
      propertyPath: propertyPath(path),
      got,
      reason: parseAddress(got)
        ? "it is an address, and requests are told by names"
        : "it is no DNS name in lower case, whose first label may be *",
      fix: "write for example shop.example.org or *.example.org",
    };
  }
}

function* hostnamesOf({ gatewayAPI, hubble }: CiliumSpec): Iterable<[Path, string]> {
  for (const [gateway, { listeners }] of Object.entries(gatewayAPI?.gateways ?? {})) {
    for (const [name, { hostname }] of Object.entries(listeners)) {
      const path = ["cilium", "gatewayAPI", "gateways", gateway, "listeners", name, "hostname"];
      if (hostname !== undefined) yield [path, hostname];
    }
  }
  for (const { kind, name, route } of routesOf(gatewayAPI)) {
    for (const [index, hostname] of (route.hostnames ?? []).entries()) {
      yield [["cilium", "gatewayAPI", kind, name, "hostnames", index], hostname];
    }
  }
  for (const way of ["gateway", "ingress"] as const) {
    const hostname = hubble.uiAccess?.[way]?.hostname;
    if (hostname !== undefined) yield [["cilium", "hubble", "uiAccess", way, "hostname"], hostname];
  }
}

// A route whose names no listener has is not attached, and says so in its status alone.
function* routeHostname({ gatewayAPI }: CiliumSpec): Iterable<Finding> {
  for (const { kind, name, route } of routesOf(gatewayAPI)) {
    const hostnames: readonly string[] = route.hostnames ?? [];
    if (hostnames.length === 0) continue;
    for (const [index, parent] of route.parentRefs.entries()) {
      const gateway = gatewayAPI?.gateways[parent.name];
      if (!gateway || gateway.namespace !== (parent.namespace ?? route.namespace)) continue;
      const listeners = Object.entries(gateway.listeners).filter(
        ([listener]) => (parent.sectionName ?? listener) === listener,
      );
      const isHeard = listeners.some(([, { hostname }]) =>
        hostnames.some((each) => haveNameInCommon(each, hostname)),
      );
      if (isHeard || listeners.length === 0) continue;
      yield {
        propertyPath: at(kind, name, "parentRefs", index),
        got: hostnames,
        reason: `no listener of the Gateway ${parent.name} that is meant listens for one of these names`,
        fix: "write a name that the listener's hostname takes, or give the listener another one",
      };
    }
  }
}

function* routesOf(gatewayAPI: CiliumSpec["gatewayAPI"]) {
  for (const kind of ROUTES) {
    for (const [name, route] of Object.entries(gatewayAPI?.[kind] ?? {})) {
      yield { kind, name, route };
    }
  }
}

function at(...path: Path): string {
  return propertyPath(["cilium", "gatewayAPI", ...path]);
}
