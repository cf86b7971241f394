import assert from "node:assert/strict";

import { annotationsAuthenticate } from "../../../policy/rules/authentication";
import { chartHubbleUIFindings, objectHubbleUIFindings } from "../../../policy/rules/hubbleUI";

const AUTH = { "nginx.ingress.kubernetes.io/auth-url": "https://sso.example.org" };
const LOGIN = {
  type: "ExtensionRef",
  extensionRef: { group: "traefik.io", kind: "Middleware", name: "forward-auth" },
};
const HEADERS = {
  type: "ExtensionRef",
  extensionRef: { group: "traefik.io", kind: "Middleware", name: "headers" },
};
const TLS = { "cert-manager.io/cluster-issuer": "letsencrypt" };

describe("Hubble UI behind a login, as pure functions (no controller is asked)", () => {
  const interfaces: [what: string, ui: unknown, at: string[]][] = [
    ["off", { enabled: false, service: { type: "LoadBalancer" } }, []],
    ["inside the cluster", { enabled: true, service: { type: "ClusterIP" } }, []],
    ["on, nothing else said", { enabled: true }, []],
    ["LoadBalancer", { enabled: true, service: { type: "LoadBalancer" } }, ["service.type"]],
    ["NodePort", { enabled: true, service: { type: "NodePort" } }, ["service.type"]],
    ["ingress", { enabled: true, ingress: { enabled: true, annotations: TLS } }, ["ingress"]],
    [
      "ingress whose authentication is none",
      {
        enabled: true,
        ingress: {
          enabled: true,
          annotations: { "alb.ingress.kubernetes.io/auth-type": "none" },
        },
      },
      ["ingress"],
    ],
    ["ingress with it", { enabled: true, ingress: { enabled: true, annotations: AUTH } }, []],
    ["route", { enabled: true, httpRoute: { enabled: true } }, ["httpRoute"]],
    ["route with it", { enabled: true, httpRoute: { enabled: true, filters: [LOGIN] } }, []],
    [
      "route with it in one of two rules",
      { enabled: true, httpRoute: { enabled: true, rules: [{ filters: [LOGIN] }, {}] } },
      ["httpRoute"],
    ],
  ];
  for (const [what, ui, at] of interfaces) {
    it(`Hubble UI ${what}: ${at.length === 0 ? "passes" : "does not pass"}`, () =>
      assert.deepEqual(
        chartHubbleUIFindings({ hubble: { ui } }).map(({ propertyPath }) => propertyPath),
        at.map((each) => `values.hubble.ui.${each}`),
      ));
  }

  const service = (type: string, name = "hubble-ui") => ({
    metadata: { name },
    spec: { type, selector: { "k8s-app": name } },
  });
  const ingress = (annotations: object, name = "hubble-ui") => ({
    metadata: { annotations },
    spec: { rules: [{ http: { paths: [{ backend: { service: { name } } }] } }] },
  });
  const rule = (filters: object[], name = "hubble-ui") => ({
    filters,
    backendRefs: [{ name, port: 80 }],
  });
  const route = (...rules: object[]) => ({ spec: { rules } });
  const onBackend = { backendRefs: [{ name: "hubble-ui", port: 80, filters: [LOGIN] }] };
  const traefikRoute = (...middlewares: string[]) => ({
    spec: {
      routes: [
        { middlewares: middlewares.map((name) => ({ name })), services: [{ name: "hubble-ui" }] },
      ],
    },
  });
  const objects: [what: string, kind: string, object: unknown, at: string[]][] = [
    ["a Service inside", "Service", service("ClusterIP"), []],
    ["a LoadBalancer", "Service", service("LoadBalancer"), ["spec.type"]],
    ["another LoadBalancer", "Service", service("LoadBalancer", "web"), []],
    ["an Ingress", "Ingress", ingress(TLS), ["spec.rules[0].http.paths[0].backend.service.name"]],
    ["an Ingress that authenticates", "Ingress", ingress(AUTH), []],
    ["an Ingress to something else", "Ingress", ingress({}, "web"), []],
    ["a Service's patch", "ServicePatch", service("NodePort"), ["spec.type"]],
    [
      "a Service at addresses of machines",
      "Service",
      { spec: { selector: { app: "hubble-ui" }, externalIPs: ["192.0.2.9"] } },
      ["spec.externalIPs"],
    ],
    ["an HTTPRoute", "HTTPRoute", route(rule([])), ["spec.rules[0].backendRefs[0].name"]],
    ["an HTTPRoute that authenticates", "HTTPRoute", route(rule([LOGIN])), []],
    [
      "an HTTPRoute whose gateway asks another program",
      "HTTPRoute",
      route(rule([{ type: "ExternalAuth" }])),
      [],
    ],
    ["an HTTPRoute that authenticates before the backend", "HTTPRoute", route(onBackend), []],
    [
      "an HTTPRoute with a filter for something else",
      "HTTPRoute",
      route(rule([HEADERS])),
      ["spec.rules[0].backendRefs[0].name"],
    ],
    [
      "an HTTPRoute of which one rule authenticates",
      "HTTPRoute",
      route(rule([LOGIN]), rule([])),
      ["spec.rules[1].backendRefs[0].name"],
    ],
    [
      "an HTTPRoute whose open rule leads to the login",
      "HTTPRoute",
      route(rule([LOGIN]), rule([], "oauth2-proxy")),
      [],
    ],
    ["a TCPRoute", "TCPRoute", route(rule([])), ["spec.rules[0].backendRefs[0].name"]],
    ["Traefik's route", "IngressRoute", traefikRoute(), ["spec.routes[0].services[0].name"]],
    [
      "Traefik's route with headers",
      "IngressRoute",
      traefikRoute("headers"),
      ["spec.routes[0].services[0].name"],
    ],
    ["Traefik's route that authenticates", "IngressRoute", traefikRoute("headers", "oidc"), []],
  ];
  for (const [what, kind, object, at] of objects) {
    it(`${what}: ${at.length === 0 ? "passes" : "does not pass"}`, () =>
      assert.deepEqual(
        objectHubbleUIFindings(kind, object).map(({ propertyPath }) => propertyPath),
        at,
      ));
  }

  it("takes no annotation for a login that Cilium's own controller does not read", () => {
    const at = "spec.rules[0].http.paths[0].backend.service.name";
    const { spec, metadata } = ingress(AUTH);
    const ofClass = { metadata, spec: { ...spec, ingressClassName: "cilium" } };
    const annotated = ingress({ ...AUTH, "kubernetes.io/ingress.class": "cilium" });
    const places = [ofClass, annotated].map((each) => objectHubbleUIFindings("Ingress", each));
    assert.deepEqual(
      places.map(([found]) => found?.propertyPath),
      [at, at],
    );
    const values = { enabled: true, className: "cilium", annotations: AUTH };
    const [found] = chartHubbleUIFindings({ hubble: { ui: { enabled: true, ingress: values } } });
    assert.equal(found?.propertyPath, "values.hubble.ui.ingress");
  });

  const annotations: [key: string, value: string, authenticates: boolean][] = [
    ["nginx.ingress.kubernetes.io/auth-url", "https://sso.example.org", true],
    ["nginx.ingress.kubernetes.io/auth-url", "", false],
    ["nginx.ingress.kubernetes.io/auth-type", "basic", true],
    ["nginx.ingress.kubernetes.io/auth-realm", "Hubble", false],
    ["traefik.ingress.kubernetes.io/router.middlewares", "auth-forward@kubernetescrd", true],
    ["traefik.ingress.kubernetes.io/router.middlewares", "kube-system-sso@kubernetescrd", true],
    ["traefik.ingress.kubernetes.io/router.middlewares", "kube-system-lasso@kubernetescrd", false],
    ["traefik.ingress.kubernetes.io/router.middlewares", "headers@kubernetescrd", false],
    ["konghq.com/plugins", "openid-connect", true],
    ["haproxy-ingress.github.io/oauth", "oauth2_proxy", true],
    ["haproxy.org/auth-type", "basic-auth", true],
    ["alb.ingress.kubernetes.io/auth-type", "oidc", true],
    ["alb.ingress.kubernetes.io/auth-type", "none", false],
    ["cert-manager.io/issuer", "authority-ca", false],
    ["konghq.com/plugins", "authority-headers", false],
    ["example.org/author", "somebody", false],
  ];
  for (const [key, value, authenticates] of annotations) {
    it(`${key}: ${value || '""'} ${authenticates ? "asks" : "does not ask"} for a login`, () =>
      assert.equal(annotationsAuthenticate({ ...TLS, [key]: value }), authenticates));
  }
});
