import { isObject, valueAt } from "./propertyTree";

/** Annotations by which a controller asks for a login, whatever the value but one of {@link NONE}. */
const ANNOTATIONS = [
  // ingress-nginx: another program, such as oauth2-proxy or Authelia; passwords; client certificates.
  "nginx.ingress.kubernetes.io/auth-url",
  "nginx.ingress.kubernetes.io/auth-type",
  "nginx.ingress.kubernetes.io/auth-tls-secret",
  // NGINX's own controller.
  "nginx.org/basic-auth-secret",
  "nginx.com/jwt-key",
  // HAProxy Ingress, then HAProxy's own controller.
  "haproxy-ingress.github.io/auth-url",
  "haproxy-ingress.github.io/auth-secret",
  "haproxy-ingress.github.io/auth-tls-secret",
  "haproxy-ingress.github.io/oauth",
  "haproxy.org/auth-type",
  "haproxy.org/client-ca",
  // Load balancers and proxies that log in by themselves.
  "alb.ingress.kubernetes.io/auth-type",
  "k8s.apisix.apache.org/auth-type",
  "ingress.pomerium.io/policy",
  "ingress.pomerium.io/allow_any_authenticated_user",
];
const NONE = /^(none|off|false|disabled)?$/i;

/** Annotations that name objects, of which some may authenticate: of Traefik and Kong. */
const NAMING_ANNOTATIONS = [
  "traefik.ingress.kubernetes.io/router.middlewares",
  "konghq.com/plugins",
];
/** A name that tells: `forward-auth`, `oauth2-proxy`, `AuthenticationFilter`; not `authority`. */
const TELLING_NAME =
  /auth(?!or(s|ed|ity|ities)?([^a-z]|$))|oidc|openid|keycloak|login|(^|[^a-z])sso([^a-z]|$)/i;

/** The controller that knows no login, and reads no annotation of another one. */
const CILIUM_CLASS = "cilium";

/** Whether annotations of an Ingress make its controller ask for a login. */
export function annotationsAuthenticate(annotations: unknown, className?: unknown): boolean {
  if (!isObject(annotations)) return false;
  if ((className ?? annotations["kubernetes.io/ingress.class"]) === CILIUM_CLASS) return false;
  return (
    ANNOTATIONS.some((key) => !NONE.test(textOf(annotations[key]).trim())) ||
    NAMING_ANNOTATIONS.some((key) => TELLING_NAME.test(textOf(annotations[key])))
  );
}

/**
 * Whether one of a route's filters asks for a login: Gateway API's `ExternalAuth`, or an object of the
 * implementation whose kind or name tells.
 */
export function filtersAuthenticate(filters: unknown): boolean {
  return listOf(filters).some((filter) => {
    const type = valueAt(filter, "type");
    return (
      type === "ExternalAuth" || (type === "ExtensionRef" && tells(valueAt(filter, "extensionRef")))
    );
  });
}

/** Whether one of the objects that Traefik's IngressRoute names asks for a login. */
export function middlewaresAuthenticate(middlewares: unknown): boolean {
  return listOf(middlewares).some(tells);
}

function tells(reference: unknown): boolean {
  return ["kind", "name"].some((key) => TELLING_NAME.test(textOf(valueAt(reference, key))));
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "boolean" ? String(value) : "";
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
