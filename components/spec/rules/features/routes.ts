import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import { listenersFor } from "./attachment";
import { ownValue } from "./chartValue";
import type { CiliumRule } from "./ciliumRule";

/** Routes against the Gateways of the same spec. */
export const routeRules: readonly CiliumRule[] = [
  { id: "route-empty", check: routeEmpty },
  { id: "route-rule", check: routeRule },
  { id: "route-backend", check: routeBackend },
  { id: "route-parent", check: routeParent },
  { id: "route-redirect-loop", check: routeRedirectLoop },
  { id: "route-backend-namespace", warns: true, check: routeBackendNamespace },
  { id: "grpc-without-alpn", warns: true, check: grpcWithoutAlpn },
];

type GatewayAPI = NonNullable<CiliumSpec["gatewayAPI"]>;
type Backends = readonly {
  readonly name: string;
  readonly namespace?: string;
  readonly port: number;
  readonly weight?: number;
}[];

const KINDS = { httpRoutes: "HTTPRoute", grpcRoutes: "GRPCRoute", tlsRoutes: "TLSRoute" } as const;
type Kind = keyof typeof KINDS;

/** A route of whatever kind, as far as the rules look at it. */
interface Route {
  readonly kind: Kind;
  readonly name: string;
  readonly namespace: string;
  readonly hostnames?: readonly string[];
  readonly parentRefs: GatewayAPI["httpRoutes"][string]["parentRefs"];
  /** Lists without which no request gets anywhere. */
  readonly lists: Readonly<Record<string, readonly unknown[]>>;
  /** Backends, and the keys that lead to them. */
  readonly backends: readonly {
    readonly at: readonly (string | number)[];
    readonly refs: Backends;
  }[];
}

function* routeEmpty(cilium: CiliumSpec): Iterable<Finding> {
  for (const route of routesOf(cilium)) {
    for (const [key, list] of Object.entries(route.lists)) {
      const most = key === "parentRefs" ? 2 * MOST : MOST;
      if (list.length > most) {
        yield {
          propertyPath: at(route, key),
          got: list.length,
          reason: `a route has at most ${most} of them`,
          fix: "divide the route into two",
        };
      }
      if (list.length > 0) continue;
      yield {
        propertyPath: at(route, key),
        got: [],
        reason: "a route without them takes no request",
        fix: FIXES[key] ?? "name a Service",
      };
    }
  }
}

/** Rules, names or backends that the CRDs take in one route; of parents they take twice as many. */
const MOST = 16;

const FIXES: Readonly<Record<string, string>> = {
  rules: "add a rule with backendRefs",
  parentRefs: "name a Gateway",
  hostnames: "name what clients ask for, such as mail.example.org",
};

function* routeRule(cilium: CiliumSpec): Iterable<Finding> {
  for (const [name, { rules }] of Object.entries(cilium.gatewayAPI?.httpRoutes ?? {})) {
    for (const [index, rule] of rules.entries()) {
      const place = ["cilium", "gatewayAPI", "httpRoutes", name, "rules", index];
      if (!rule.path.startsWith("/")) {
        yield {
          propertyPath: propertyPath([...place, "path"]),
          got: rule.path,
          reason: "a path begins with a slash",
          fix: `write /${rule.path}`,
        };
      }
      if (rule.path.startsWith("/") && !isPath(rule.path)) {
        yield {
          propertyPath: propertyPath([...place, "path"]),
          got: rule.path,
          reason:
            "a path has no //, /./, /../, # or ?, and other than letters and digits only what a URL's path has",
          fix: "write the path as clients ask for it, such as /api/v1, without a query",
        };
      }
      const answers = (rule.backendRefs ?? []).length > 0;
      if (answers !== Boolean(rule.redirectToHTTPS)) continue;
      yield {
        propertyPath: propertyPath(place),
        got: rule,
        reason: answers
          ? "a request is either redirected or answered"
          : "nothing answers, and nothing redirects",
        fix: "keep one of backendRefs and redirectToHTTPS",
      };
    }
  }
  for (const [name, { rules }] of Object.entries(cilium.gatewayAPI?.grpcRoutes ?? {})) {
    for (const [index, { service, method }] of rules.entries()) {
      for (const [key, got] of Object.entries({ service, method })) {
        if (got === undefined || GRPC_NAMES[key]!.test(got)) continue;
        yield {
          propertyPath: propertyPath([
            "cilium",
            "gatewayAPI",
            "grpcRoutes",
            name,
            "rules",
            index,
            key,
          ]),
          got,
          reason: `it is no name of a ${key} of gRPC`,
          fix: `write it as in the .proto file, such as ${key === "service" ? "shop.v1.Cart" : "Checkout"}`,
        };
      }
    }
  }
}

/** Whether the CRD takes it, as far as it begins with a slash. */
function isPath(path: string): boolean {
  return (
    /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/.test(path) &&
    !/\/\/|\/\.\.?(\/|$)|%2f/i.test(path)
  );
}

function* routeBackend(cilium: CiliumSpec): Iterable<Finding> {
  for (const route of routesOf(cilium)) {
    for (const { at: place, refs } of route.backends) {
      for (const [index, { port, weight }] of refs.entries()) {
        const found = { port: [port, 1, 65535], weight: [weight ?? 1, 0, 1000000] } as const;
        for (const [key, [got, least, most]] of Object.entries(found)) {
          if (got >= least && got <= most) continue;
          yield {
            propertyPath: at(route, ...place, "backendRefs", index, key),
            got,
            reason: `it is not from ${least} to ${most}`,
            fix: "write a number in that range",
          };
        }
      }
    }
  }
}

/** What the CRD takes. */
const GRPC_NAMES: Readonly<Record<string, RegExp>> = {
  service: /^\.?[a-z_]\w*(\.[a-z_]\w*)*$/i,
  method: /^[a-z_]\w*$/i,
};

function* routeParent(cilium: CiliumSpec): Iterable<Finding> {
  for (const { path, parent, gateway, route } of parentsOf(cilium)) {
    const { listeners } = gateway;
    const { sectionName } = parent;
    if (sectionName !== undefined && !listeners[sectionName]) {
      yield {
        propertyPath: `${path}.sectionName`,
        got: sectionName,
        reason: `the Gateway ${parent.name} has no such listener`,
        fix: `write one of ${Object.keys(listeners).join(", ")}, or leave it out`,
      };
      continue;
    }
    const isTLS = route.kind === "tlsRoutes";
    // That its hostnames may be nobody's is another rule's.
    const { namespace } = route;
    if (listenersFor(gateway, { namespace, sectionName, isTLS }).length > 0) continue;
    yield {
      propertyPath: path,
      got: parent,
      reason: `no listener of the Gateway ${parent.name} takes ${KINDS[route.kind]}s of the namespace ${route.namespace}`,
      fix: `set allowedRoutes of ${isTLS ? "a TLS" : "an HTTP or HTTPS"} listener to All, or put the route into the Gateway's namespace`,
    };
  }
}

function* routeRedirectLoop(cilium: CiliumSpec): Iterable<Finding> {
  for (const { path, parent, gateway, route } of parentsOf(cilium)) {
    if (route.kind !== "httpRoutes") continue;
    const { rules } = cilium.gatewayAPI!.httpRoutes[route.name]!;
    if (!answersByHTTPS(gateway, parent, route) || !rules.some((rule) => rule.redirectToHTTPS))
      continue;
    const listeners = Object.entries(gateway.listeners);
    const http = listeners.find(([, { protocol }]) => protocol === "HTTP")?.[0] ?? "http";
    yield {
      propertyPath: path,
      got: parent,
      reason: "the route redirects to HTTPS and answers there too, so it redirects for ever",
      fix: `write sectionName: ${http}, and a second route for HTTPS`,
    };
  }
}

function* routeBackendNamespace(cilium: CiliumSpec): Iterable<Finding> {
  for (const route of routesOf(cilium)) {
    for (const { at: place, refs } of route.backends) {
      for (const [index, { namespace: got }] of refs.entries()) {
        if (got === undefined || got === route.namespace) continue;
        yield {
          propertyPath: at(route, ...place, "backendRefs", index, "namespace"),
          got,
          reason:
            "a Service of another namespace answers only where a ReferenceGrant there allows it",
          fix: "make one, or put the route into the Service's namespace",
        };
      }
    }
  }
}

// gRPC is HTTP/2, and over TLS clients agree on that by ALPN alone.
function* grpcWithoutAlpn(cilium: CiliumSpec): Iterable<Finding> {
  const got = ownValue(cilium, "gatewayAPI.enableAlpn") ?? cilium.gatewayAPI?.enableAlpn;
  if (got === true) return;
  const encrypted = [...parentsOf(cilium)].find(
    ({ route, parent, gateway }) =>
      route.kind === "grpcRoutes" && answersByHTTPS(gateway, parent, route),
  );
  if (!encrypted) return;
  yield {
    propertyPath: "cilium.gatewayAPI.enableAlpn",
    got,
    reason: `${encrypted.path} is a listener with TLS, and clients of gRPC ask for HTTP/2 by ALPN`,
    fix: "set it to true",
  };
}

/** Whether a route attaches to a listener of HTTPS by this parent. */
function answersByHTTPS(
  gateway: GatewayAPI["gateways"][string],
  { sectionName }: Route["parentRefs"][number],
  { namespace, hostnames }: Route,
): boolean {
  const listeners = listenersFor(gateway, { namespace, hostnames, sectionName });
  return listeners.some(([, { protocol }]) => protocol === "HTTPS");
}

/** Parents of routes that are Gateways of the spec; others are made elsewhere. */
function* parentsOf(cilium: CiliumSpec) {
  for (const route of routesOf(cilium)) {
    for (const [index, parent] of route.parentRefs.entries()) {
      const gateway = cilium.gatewayAPI?.gateways[parent.name];
      if (!gateway || gateway.namespace !== (parent.namespace ?? route.namespace)) continue;
      yield { path: at(route, "parentRefs", index), parent, gateway, route };
    }
  }
}

function* routesOf({ gatewayAPI }: CiliumSpec): Iterable<Route> {
  for (const kind of ["httpRoutes", "grpcRoutes"] as const) {
    for (const [name, route] of Object.entries(gatewayAPI?.[kind] ?? {})) {
      const { namespace, hostnames, parentRefs, rules } = route;
      const backends = [...rules.entries()].map(([index, { backendRefs: refs = [] }]) => ({
        at: ["rules", index],
        refs,
      }));
      const lists = { parentRefs, rules };
      yield { kind, name, namespace, hostnames, parentRefs, lists, backends };
    }
  }
  for (const [name, route] of Object.entries(gatewayAPI?.tlsRoutes ?? {})) {
    const { namespace, parentRefs, hostnames, backendRefs } = route;
    const lists = { parentRefs, hostnames, backendRefs };
    const backends = [{ at: [], refs: backendRefs }];
    yield { kind: "tlsRoutes", name, namespace, hostnames, parentRefs, lists, backends };
  }
}

function at({ kind, name }: Route, ...path: readonly (string | number)[]): string {
  return propertyPath(["cilium", "gatewayAPI", kind, name, ...path]);
}
