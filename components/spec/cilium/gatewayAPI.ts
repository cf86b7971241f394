import * as z from "zod/mini";

import { defaultedField, optionalField } from "../field";
import { gateway } from "./gateways";
import { grpcRoute, httpRoute, tlsRoute } from "./routes";

/** Whom a Service lets traffic in from. */
export const externalTrafficPolicies = ["Cluster", "Local"] as const;

const hostNetwork = z.strictObject({
  matchLabels: defaultedField(
    z.record(z.string(), z.string()),
    {},
    "Labels of the nodes that listen. Left out: every node.",
  ),
  privilegedPorts: defaultedField(
    z.boolean(),
    true,
    "Whether Envoy may listen below 1024, for which it gets the capability NET_BIND_SERVICE.",
  ),
});

export const gatewayAPI = optionalField(
  z.strictObject({
    crds: optionalField(
      z.string(),
      "CRDs of Gateway API: a file or folder of YAML, or `external` where something else installs them before Cilium. Left out: those of the release that fits Cilium, downloaded once and checked by SHA-256.",
      { examples: ["./gateway-api.yaml"] },
    ),
    enableAlpn: defaultedField(
      z.boolean(),
      false,
      "Whether listeners offer HTTP/2 by ALPN, which GRPCRoutes need; implies enableAppProtocol.",
    ),
    enableAppProtocol: defaultedField(
      z.boolean(),
      false,
      "Whether `appProtocol` of a Service's port says how its pods are spoken to.",
    ),
    enableProxyProtocol: defaultedField(
      z.boolean(),
      false,
      "Whether listeners expect the PROXY protocol of a load balancer before them.",
    ),
    externalTrafficPolicy: defaultedField(
      z.enum(externalTrafficPolicies),
      "Cluster",
      "Which nodes let traffic in. Local keeps the client's address.",
    ),
    xffNumTrustedHops: defaultedField(
      z.int(),
      0,
      "Proxies before the gateway whose X-Forwarded-For is believed.",
    ),
    hostNetwork: optionalField(
      hostNetwork,
      "Listens on addresses of the nodes. Left out: each Gateway has a Service of type LoadBalancer.",
    ),
    gateways: defaultedField(
      z.record(z.string(), gateway),
      {},
      "Gateways by name. Those of applications may also be made elsewhere, of class cilium.",
    ),
    httpRoutes: defaultedField(z.record(z.string(), httpRoute), {}, "HTTPRoutes by name."),
    grpcRoutes: defaultedField(z.record(z.string(), grpcRoute), {}, "GRPCRoutes by name."),
    tlsRoutes: defaultedField(
      z.record(z.string(), tlsRoute),
      {},
      "TLSRoutes by name, for listeners of protocol TLS. Before Cilium 1.20 only with CRDs of the experimental channel.",
    ),
  }),
  "Gateway API. Left out: none.",
);
