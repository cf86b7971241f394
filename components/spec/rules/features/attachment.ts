import type { CiliumSpec } from "../../schema";

type GatewaySpec = NonNullable<CiliumSpec["gatewayAPI"]>["gateways"][string];
type Listener = GatewaySpec["listeners"][string];

/** Of a route what decides which listeners it attaches to. */
export interface Attaching {
  readonly namespace: string;
  readonly hostnames?: readonly string[];
  readonly sectionName?: string;
  /** Whether it is a TLSRoute; others go to listeners of HTTP and HTTPS. @default false */
  readonly isTLS?: boolean;
}

/** The listeners of a Gateway that a route attaches to, as Gateway API decides it, by their names. Pure. */
export function listenersFor(gateway: GatewaySpec, route: Attaching): [string, Listener][] {
  const { namespace, hostnames = [], sectionName, isTLS = false } = route;
  return Object.entries(gateway.listeners).filter(
    ([name, { protocol, allowedRoutes, hostname }]) =>
      (sectionName ?? name) === name &&
      (protocol === "TLS") === isTLS &&
      (allowedRoutes === "All" || gateway.namespace === namespace) &&
      (hostnames.length === 0 || hostnames.some((each) => haveNameInCommon(each, hostname))),
  );
}

/** Whether a route's name and a listener's meet; a listener without one takes all. Pure. */
export function haveNameInCommon(route: string, listener: string | undefined): boolean {
  if (listener === undefined || route === listener) return true;
  const isUnder = (name: string, wildcard: string) =>
    wildcard.startsWith("*.") && name.endsWith(wildcard.slice(1));
  return isUnder(route, listener) || isUnder(listener, route);
}
