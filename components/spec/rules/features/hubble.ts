import type { CiliumSpec } from "../../schema";
import { minorOf, parseVersion } from "../../versions";
import type { Finding } from "../rule";
import { listenersFor } from "./attachment";
import { ownValue } from "./chartValue";
import type { CiliumRule } from "./ciliumRule";

/** Hubble's certificates and who reaches its UI. */
export const hubbleFeatureRules: readonly CiliumRule[] = [
  { id: "hubble-tls", check: hubbleTLS },
  { id: "hubble-metrics-tls", check: hubbleMetricsTLS },
  { id: "hubble-metrics-off", check: hubbleMetricsOff },
  { id: "hubble-ui-access", check: hubbleUIAccess },
  { id: "hubble-ui-gateway", check: hubbleUIGateway },
  { id: "hubble-ui-open", warns: true, check: hubbleUIOpen },
];

const TLS = "cilium.hubble.tls";
/** The method that reads a key; of others it is `secrets`. */
const METHOD_OF: Readonly<Record<string, string>> = {
  issuerRef: "certmanager",
  generation: "stack",
};
const ACCESS = "cilium.hubble.uiAccess";

function* hubbleTLS({ hubble, version }: CiliumSpec): Iterable<Finding> {
  const { method, serverSecret, relayClientSecret, issuerRef, generation } = hubble.tls ?? {};
  const cilium = parseVersion(version);
  const of = (key: string, got: unknown, reason: string, fix: string) => ({
    propertyPath: `${TLS}.${key}`,
    got,
    reason,
    fix,
  });
  if (method === "cronJob" && cilium && cilium.minor < 19) {
    yield of(
      "method",
      method,
      `in the chart of Cilium ${minorOf(cilium)} Helm waits for the Job, and the Job for the network that Helm installs`,
      "leave it out for certificates of the program, or use Cilium 1.19 or newer",
    );
  }
  if (method === "certmanager" && !issuerRef) {
    yield of(
      "issuerRef",
      undefined,
      "cert-manager needs an issuer",
      "write issuerRef: { name: … }",
    );
  }
  if (method === "secrets" && serverSecret === undefined) {
    yield of("serverSecret", undefined, "agents need a certificate", "name its Secret");
  }
  if (method === "secrets" && hubble.relay && relayClientSecret === undefined) {
    yield of("relayClientSecret", undefined, "Hubble Relay needs a certificate", "name its Secret");
  }
  const unread = [
    ...(method === "secrets" ? [] : Object.entries({ serverSecret, relayClientSecret })),
    ...(method === "certmanager" ? [] : Object.entries({ issuerRef })),
    ...((method ?? "stack") === "stack" ? [] : Object.entries({ generation })),
  ].find(([, got]) => got !== undefined);
  if (unread) {
    yield of(
      unread[0],
      unread[1],
      `the method ${method ?? "stack"} does not read it`,
      `remove it, or set method to ${METHOD_OF[unread[0]] ?? "secrets"}`,
    );
  }
}

// The name of the Secret that the charts from 1.18 to 1.21 render for it is broken.
function* hubbleMetricsTLS(cilium: CiliumSpec): Iterable<Finding> {
  const method = ownValue(cilium, "hubble.tls.auto.method") ?? cilium.hubble.tls?.method;
  if (method !== "cronJob" || ownValue(cilium, "hubble.metrics.tls.enabled") !== true) return;
  yield {
    propertyPath: "cilium.values.hubble.metrics.tls.enabled",
    got: true,
    reason: "with the method cronJob the chart renders a Secret for it that no API server takes",
    fix: "remove it, or take another method for cilium.hubble.tls",
  };
}

function* hubbleMetricsOff({ hubble }: CiliumSpec): Iterable<Finding> {
  if (!hubble.metrics || (hubble.enabled && hubble.metrics.length > 0)) return;
  yield {
    propertyPath: "cilium.hubble.metrics",
    got: hubble.metrics,
    reason: hubble.enabled
      ? "an empty list counts nothing"
      : "agents count what they observe, and Hubble is off",
    fix: hubble.enabled ? "name metrics, or leave the key out" : "set hubble.enabled to true",
  };
}

function* hubbleUIAccess({ hubble }: CiliumSpec): Iterable<Finding> {
  if (!hubble.uiAccess) return;
  const ways = Object.keys(hubble.uiAccess);
  if (!hubble.ui) {
    yield {
      propertyPath: ACCESS,
      got: ways,
      reason: "there is no UI to reach: it is off",
      fix: "set cilium.hubble.ui to true, or leave uiAccess out",
    };
  } else if (ways.length !== 1) {
    yield {
      propertyPath: ACCESS,
      got: ways,
      reason: ways.length === 0 ? "it names no way" : "each way more is one more that is open",
      fix: "write one of gateway, ingress, loadBalancer, or leave uiAccess out",
    };
  }
}

function* hubbleUIGateway({ hubble, gatewayAPI }: CiliumSpec): Iterable<Finding> {
  const got = hubble.uiAccess?.gateway;
  if (!got) return;
  const gateway = gatewayAPI?.gateways[got.name];
  if (!gatewayAPI) {
    yield {
      propertyPath: `${ACCESS}.gateway`,
      got,
      reason: "there is no Gateway API",
      fix: "add cilium.gatewayAPI, or take another way",
    };
  } else if (gateway?.namespace === got.namespace) {
    const { sectionName } = got;
    if (listenersFor(gateway, { namespace: "kube-system", sectionName }).length > 0) return;
    yield {
      propertyPath: `${ACCESS}.gateway`,
      got,
      reason: `no such listener of the Gateway ${got.name} takes HTTPRoutes of kube-system, where the UI is`,
      fix: "set allowedRoutes of its HTTPS listener to All",
    };
  }
}

function* hubbleUIOpen({ hubble, gatewayAPI }: CiliumSpec): Iterable<Finding> {
  const { loadBalancer, ingress, gateway } = (hubble.ui && hubble.uiAccess) || {};
  const open = (way: string, got: unknown, how: string, fix: string) => ({
    propertyPath: `${ACCESS}.${way}`,
    got,
    reason: `the UI has no login of its own, and ${how}`,
    fix,
  });
  if (loadBalancer) {
    yield open(
      "loadBalancer",
      loadBalancer,
      "whoever reaches the address reads all flows, in clear",
      "take gateway or ingress, or leave uiAccess out and use kubectl port-forward",
    );
  }
  const asksForLogin = Object.keys(ingress?.annotations ?? {}).some((key) =>
    /auth|middleware/i.test(key),
  );
  if (ingress && !(asksForLogin && ingress.tlsSecretName !== undefined)) {
    yield open(
      "ingress",
      ingress,
      asksForLogin ? "without TLS the login is in clear" : "no annotation asks for one",
      "add tlsSecretName and the annotations by which the controller asks for a login",
    );
  }
  if (!gateway) return;
  const parent = gatewayAPI?.gateways[gateway.name];
  const { sectionName, hostname } = gateway;
  const route = { namespace: "kube-system", hostnames: [hostname], sectionName };
  const inClear =
    parent?.namespace === gateway.namespace &&
    listenersFor(parent, route).some(([, { protocol }]) => protocol === "HTTP");
  if (inClear) {
    yield open(
      "gateway",
      gateway,
      "a listener of HTTP shows all flows in clear",
      "write the HTTPS listener as sectionName",
    );
  }
}
