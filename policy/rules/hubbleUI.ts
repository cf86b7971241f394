import type { Finding } from "./finding";
import type { KubernetesObject } from "./kubernetesObjects";
import { type Leaf, isObject, isTrue, nodesOf, pathText, valueAt } from "./propertyTree";

const AUTHENTICATION =
  /(?<![a-z])((basic|forward|key|o)?auth(2|n|entication)?|oidc|sso|jwt)(?![a-z])/i;
/** What only says how authentication looks where there is some. */
const NO_GUARD = /auth-(realm|signin|response-headers|cache|snippet|always|proxy|keepalive)/i;
/** Keys whose values name the parts of a controller that guard. */
const LISTS_GUARDS = /(middlewares|plugins|policies)$/i;
const NO_AUTHENTICATION = /^(none|off|false|disabled)?$/i;
const EXPOSED_SERVICE = ["LoadBalancer", "NodePort"];

/** Hubble UI of a Cilium release is not served outside the cluster without authentication. */
export function chartHubbleUIFindings(values: unknown): Finding[] {
  const ui = valueAt(values, "hubble", "ui");
  if (!isTrue(valueAt(ui, "enabled"))) return [];
  const at = "values.hubble.ui";
  const serviceType = valueAt(ui, "service", "type");
  const ingress = valueAt(ui, "ingress");
  const route = valueAt(ui, "httpRoute");
  return [
    ...(EXPOSED_SERVICE.includes(String(serviceType))
      ? [finding(`${at}.service.type`, String(serviceType))]
      : []),
    ...(isTrue(valueAt(ingress, "enabled")) && !authenticates(valueAt(ingress, "annotations"))
      ? [finding(`${at}.ingress`, "an ingress without authentication")]
      : []),
    ...(isTrue(valueAt(route, "enabled")) && !hasExtension(route)
      ? [finding(`${at}.httpRoute`, "a route without authentication")]
      : []),
  ];
}

/** A Service, Ingress or HTTPRoute of one's own does not serve Hubble UI without authentication. */
export function objectHubbleUIFindings({ kind, object, at }: KubernetesObject): Finding[] {
  const spec = valueAt(object, "spec");
  if (kind === "Service") {
    const isUI =
      valueAt(spec, "selector", "k8s-app") === "hubble-ui" ||
      valueAt(object, "metadata", "name") === "hubble-ui";
    const type = String(valueAt(spec, "type"));
    return isUI && EXPOSED_SERVICE.includes(type)
      ? [finding(pathText([...at, "spec", "type"]), type)]
      : [];
  }
  if (kind === "Ingress" && authenticates(valueAt(object, "metadata", "annotations"))) return [];
  return backendsOf(kind, spec)
    .filter(({ path }) => kind === "Ingress" || !isGuarded(spec, path))
    .slice(0, 1)
    .map(({ path }) => finding(pathText([...at, "spec", ...path]), "hubble-ui"));
}

/** Where the object leads to Hubble UI. */
function backendsOf(kind: string, spec: unknown): Leaf[] {
  return [...nodesOf(spec)].filter(({ path, value }) => {
    const parent = kind === "Ingress" ? path.at(-2) : path.at(-3);
    const isBackend = parent === (kind === "Ingress" ? "service" : "backendRefs");
    return isBackend && path.at(-1) === "name" && value === "hubble-ui";
  });
}

/** Whether the rule of a route that leads to a backend has a filter; what another rule has is not asked. */
function isGuarded(spec: unknown, backend: readonly string[]): boolean {
  const [, index = ""] = backend;
  const rules = valueAt(spec, "rules");
  return Array.isArray(rules) && hasExtension(rules[Number(index)]);
}

/** Controllers name it in annotations, as in `nginx.ingress.kubernetes.io/auth-url`. */
function authenticates(annotations: unknown): boolean {
  if (!isObject(annotations)) return false;
  return Object.entries(annotations).some(([key, value]) => {
    const name = key.slice(key.lastIndexOf("/") + 1);
    const said = LISTS_GUARDS.test(name) ? String(value) : name;
    const guards = AUTHENTICATION.test(said) && !NO_GUARD.test(said);
    return guards && !NO_AUTHENTICATION.test(String(value));
  });
}

/** Gateway API leaves authentication to filters of the implementation. */
function hasExtension(route: unknown): boolean {
  return [...nodesOf(route)].some(
    ({ path, value }) => path.at(-1) === "type" && value === "ExtensionRef",
  );
}

function finding(propertyPath: string, got: string): Finding {
  return {
    propertyPath,
    got,
    reason: "Hubble UI asks nobody who they are and shows who talks to whom in the whole cluster",
    fix: "leave it a ClusterIP and use `cilium hubble ui`, or put an ingress in front that authenticates",
  };
}
