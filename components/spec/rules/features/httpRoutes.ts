import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import type { CiliumRule } from "./ciliumRule";

/** HTTPRoutes against the Gateways of the same spec. */
export const httpRouteRules: readonly CiliumRule[] = [
  { id: "route-empty", check: routeEmpty },
  { id: "route-rule", check: routeRule },
  { id: "route-parent", check: routeParent },
  { id: "route-redirect-loop", check: routeRedirectLoop },
  { id: "route-backend-namespace", warns: true, check: routeBackendNamespace },
];

type Routes = NonNullable<CiliumSpec["gatewayAPI"]>["httpRoutes"];
type Route = Routes[string];

function* routeEmpty(cilium: CiliumSpec): Iterable<Finding> {
  for (const [name, route] of Object.entries(routesOf(cilium))) {
    for (const key of ["parentRefs", "rules"] as const) {
      if (route[key].length > 0) continue;
      yield {
        propertyPath: at(name, key),
        got: [],
        reason: "a route without them takes no request",
        fix: key === "rules" ? "add a rule with backendRefs" : "name a Gateway",
      };
    }
  }
}

function* routeRule(cilium: CiliumSpec): Iterable<Finding> {
  for (const [name, { rules }] of Object.entries(routesOf(cilium))) {
    for (const [index, rule] of rules.entries()) {
      if (!rule.path.startsWith("/")) {
        yield {
          propertyPath: at(name, "rules", index, "path"),
          got: rule.path,
          reason: "a path begins with a slash",
          fix: `write /${rule.path}`,
        };
      }
      const answers = (rule.backendRefs ?? []).length > 0;
      if (answers !== Boolean(rule.redirectToHTTPS)) continue;
      yield {
        propertyPath: at(name, "rules", index),
        got: rule,
        reason: answers
          ? "a request is either redirected or answered"
          : "nothing answers, and nothing redirects",
        fix: "keep one of backendRefs and redirectToHTTPS",
      };
    }
  }
}

function* routeParent(cilium: CiliumSpec): Iterable<Finding> {
  for (const { path, parent, gateway, route } of parentsOf(cilium)) {
    const { listeners } = gateway;
    const { sectionName } = parent;
    const named = sectionName === undefined ? undefined : listeners[sectionName];
    if (sectionName !== undefined && !named) {
      yield {
        propertyPath: `${path}.sectionName`,
        got: sectionName,
        reason: `the Gateway ${parent.name} has no such listener`,
        fix: `write one of ${Object.keys(listeners).join(", ")}, or leave it out`,
      };
      continue;
    }
    const candidates = named ? [named] : Object.values(listeners);
    const takesRoute = candidates.some(
      ({ allowedRoutes, protocol }) =>
        protocol !== "TLS" && (allowedRoutes === "All" || gateway.namespace === route.namespace),
    );
    if (takesRoute) continue;
    yield {
      propertyPath: path,
      got: parent,
      reason: `no listener of the Gateway ${parent.name} takes HTTPRoutes of the namespace ${route.namespace}`,
      fix: "set allowedRoutes of an HTTP or HTTPS listener to All, or put the route into the Gateway's namespace",
    };
  }
}

function* routeRedirectLoop(cilium: CiliumSpec): Iterable<Finding> {
  for (const { path, parent, gateway, route } of parentsOf(cilium)) {
    const listeners = Object.entries(gateway.listeners);
    const isAttached = listeners.some(
      ([name, { protocol }]) => protocol === "HTTPS" && (parent.sectionName ?? name) === name,
    );
    if (!isAttached || !route.rules.some((rule) => rule.redirectToHTTPS)) continue;
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
  for (const [name, { namespace, rules }] of Object.entries(routesOf(cilium))) {
    for (const [index, { backendRefs = [] }] of rules.entries()) {
      for (const [place, backend] of backendRefs.entries()) {
        if (backend.namespace === undefined || backend.namespace === namespace) continue;
        yield {
          propertyPath: at(name, "rules", index, "backendRefs", place, "namespace"),
          got: backend.namespace,
          reason:
            "a Service of another namespace answers only where a ReferenceGrant there allows it",
          fix: "make one, or put the route into the Service's namespace",
        };
      }
    }
  }
}

/** Parents of routes that are Gateways of the spec; others are made elsewhere. */
function* parentsOf(cilium: CiliumSpec) {
  const gateways = cilium.gatewayAPI?.gateways ?? {};
  for (const [name, route] of Object.entries(routesOf(cilium))) {
    for (const [index, parent] of route.parentRefs.entries()) {
      const gateway = gateways[parent.name];
      if (!gateway || gateway.namespace !== (parent.namespace ?? route.namespace)) continue;
      yield { path: at(name, "parentRefs", index), parent, gateway, route };
    }
  }
}

function routesOf({ gatewayAPI }: CiliumSpec): Readonly<Record<string, Route>> {
  return gatewayAPI?.httpRoutes ?? {};
}

function at(...path: readonly (string | number)[]): string {
  return propertyPath(["cilium", "gatewayAPI", "httpRoutes", ...path]);
}
