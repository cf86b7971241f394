import type { Finding } from "./finding";
import { isObject, nodesOf, pathText, valueAt } from "./propertyTree";

const AUTHENTICATION = /auth|oidc|sso/i;
const NO_AUTHENTICATION = /^(none|off|false|disabled)?$/i;
const EXPOSED_SERVICE = ["LoadBalancer", "NodePort"];

/** Hubble UI of a Cilium release is not served outside the cluster without authentication. */
export function chartHubbleUIFindings(values: unknown): Finding[] {
  const ui = valueAt(values, "hubble", "ui");
  if (valueAt(ui, "enabled") !== true) return [];
  const at = "values.hubble.ui";
  const serviceType = valueAt(ui, "service", "type");
  const ingress = valueAt(ui, "ingress");
  const route = valueAt(ui, "httpRoute");
  return [
    ...(EXPOSED_SERVICE.includes(String(serviceType))
      ? [finding(`${at}.service.type`, String(serviceType))]
      : []),
    ...(valueAt(ingress, "enabled") === true && !authenticates(valueAt(ingress, "annotations"))
      ? [finding(`${at}.ingress`, "an ingress without authentication")]
      : []),
    ...(valueAt(route, "enabled") === true && !hasExtension(route)
      ? [finding(`${at}.httpRoute`, "a route without authentication")]
      : []),
  ];
}

/** A Service, Ingress or HTTPRoute of one's own does not serve Hubble UI without authentication. */
export function objectHubbleUIFindings(kind: string, object: unknown): Finding[] {
  const spec = valueAt(object, "spec");
  if (kind === "Service") {
    const isUI =
      valueAt(spec, "selector", "k8s-app") === "hubble-ui" ||
      valueAt(object, "metadata", "name") === "hubble-ui";
    const type = String(valueAt(spec, "type"));
    return isUI && EXPOSED_SERVICE.includes(type) ? [finding("spec.type", type)] : [];
  }
  const backend = [...nodesOf(spec)].find(({ path, value }) => {
    const parent = kind === "Ingress" ? path.at(-2) : path.at(-3);
    const isBackend = parent === (kind === "Ingress" ? "service" : "backendRefs");
    return isBackend && path.at(-1) === "name" && value === "hubble-ui";
  });
  if (!backend) return [];
  const isGuarded =
    kind === "Ingress"
      ? authenticates(valueAt(object, "metadata", "annotations"))
      : hasExtension(spec);
  return isGuarded ? [] : [finding(pathText(["spec", ...backend.path]), "hubble-ui")];
}

/** Controllers name it in annotations, as in `nginx.ingress.kubernetes.io/auth-url`. */
function authenticates(annotations: unknown): boolean {
  if (!isObject(annotations)) return false;
  return Object.entries(annotations).some(
    ([key, value]) =>
      AUTHENTICATION.test(`${key}=${String(value)}`) && !NO_AUTHENTICATION.test(String(value)),
  );
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
