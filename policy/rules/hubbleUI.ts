import {
  annotationsAuthenticate,
  filtersAuthenticate,
  middlewaresAuthenticate,
} from "./authentication";
import type { Finding } from "./finding";
import { isObject, nodesOf, pathText, valueAt } from "./propertyTree";

const UI = "hubble-ui";
const EXPOSED_SERVICE = ["LoadBalancer", "NodePort"];

/**
 * Hubble UI of Cilium's chart is not served outside the cluster without authentication.
 *
 * @param at where the values stand in the resource
 */
export function chartHubbleUIFindings(
  values: unknown,
  at: readonly string[] = ["values"],
): Finding[] {
  const ui = valueAt(values, "hubble", "ui");
  if (valueAt(ui, "enabled") !== true) return [];
  const place = pathText([...at, "hubble", "ui"]);
  const serviceType = String(valueAt(ui, "service", "type"));
  const ingress = valueAt(ui, "ingress");
  const route = valueAt(ui, "httpRoute");
  const isOpen = (way: unknown) => valueAt(way, "enabled") === true;
  return [
    ...(EXPOSED_SERVICE.includes(serviceType)
      ? [finding(`${place}.service.type`, serviceType)]
      : []),
    ...(isOpen(ingress) &&
    !annotationsAuthenticate(valueAt(ingress, "annotations"), valueAt(ingress, "className"))
      ? [finding(`${place}.ingress`, "an ingress without authentication")]
      : []),
    ...(isOpen(route) && !routeAuthenticates(route)
      ? [finding(`${place}.httpRoute`, "a route without authentication")]
      : []),
  ];
}

/**
 * A Service, Ingress or route of one's own does not serve Hubble UI without authentication.
 *
 * @param at where the object stands in the resource
 */
export function objectHubbleUIFindings(
  kind: string,
  object: unknown,
  at: readonly string[] = [],
): Finding[] {
  return openings(kind.replace(/Patch$/, ""), object).map(({ path, got }) =>
    finding(pathText([...at, "spec", ...path]), got),
  );
}

interface Opening {
  /** Below `spec`. */
  readonly path: readonly string[];
  readonly got: string;
}

function openings(kind: string, object: unknown): Opening[] {
  const spec = valueAt(object, "spec");
  switch (kind) {
    case "Service":
      return serviceOpenings(object);
    case "Ingress":
      return annotationsAuthenticate(
        valueAt(object, "metadata", "annotations"),
        valueAt(spec, "ingressClassName"),
      )
        ? []
        : ingressBackends(spec);
    case "IngressRoute":
      return ruleOpenings(spec, "routes", "services", (route) =>
        middlewaresAuthenticate(valueAt(route, "middlewares")),
      );
    default:
      // HTTPRoute, and what hands on without a look at who asks.
      return ruleOpenings(spec, "rules", "backendRefs", filtersOf);
  }
}

function serviceOpenings(object: unknown): Opening[] {
  const spec = valueAt(object, "spec");
  const selector = valueAt(spec, "selector");
  const isUI =
    valueAt(object, "metadata", "name") === UI ||
    (isObject(selector) && Object.values(selector).includes(UI));
  if (!isUI) return [];
  const type = String(valueAt(spec, "type"));
  const addresses = valueAt(spec, "externalIPs");
  return [
    ...(EXPOSED_SERVICE.includes(type) ? [{ path: ["type"], got: type }] : []),
    ...(Array.isArray(addresses) && addresses.length > 0
      ? [{ path: ["externalIPs"], got: "addresses outside the cluster" }]
      : []),
  ];
}

function ingressBackends(spec: unknown): Opening[] {
  const backend = [...nodesOf(spec)].find(
    ({ path, value }) => path.at(-2) === "service" && path.at(-1) === "name" && value === UI,
  );
  return backend ? [{ path: backend.path, got: UI }] : [];
}

/** Each rule is a way of its own: one that authenticates does not guard the next. */
function ruleOpenings(
  spec: unknown,
  rulesKey: string,
  backendsKey: string,
  authenticates: (ruleOrBackend: unknown) => boolean,
): Opening[] {
  return entriesOf(valueAt(spec, rulesKey)).flatMap(([rule, index]) =>
    entriesOf(valueAt(rule, backendsKey)).flatMap(([backend, place]) =>
      valueAt(backend, "name") !== UI || authenticates(rule) || authenticates(backend)
        ? []
        : [{ path: [rulesKey, index, backendsKey, place, "name"], got: UI }],
    ),
  );
}

function filtersOf(ruleOrBackend: unknown): boolean {
  return filtersAuthenticate(valueAt(ruleOrBackend, "filters"));
}

/** The chart's route: the filters of all its rules, or of the route where it has no rules. */
function routeAuthenticates(route: unknown): boolean {
  const rules = entriesOf(valueAt(route, "rules"));
  return rules.length === 0 ? filtersOf(route) : rules.every(([rule]) => filtersOf(rule));
}

function entriesOf(list: unknown): [item: unknown, index: string][] {
  return Array.isArray(list) ? list.map((item: unknown, index) => [item, `${index}`]) : [];
}

function finding(propertyPath: string, got: string): Finding {
  return {
    propertyPath,
    got,
    reason: "Hubble UI asks nobody who they are and shows who talks to whom in the whole cluster",
    fix: "leave it a ClusterIP and use `cilium hubble ui`, or put an ingress in front that authenticates",
  };
}
