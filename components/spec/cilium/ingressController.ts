import * as z from "zod/mini";

import { defaultedField, optionalField } from "../field";
import { externalTrafficPolicies } from "./gatewayAPI";

/** Port of Envoy on the nodes in shared mode, where nothing is said. */
const DEFAULT_SHARED_LISTENER_PORT = 8080;

const service = z.strictObject({
  type: defaultedField(
    z.enum(["LoadBalancer", "NodePort"]),
    "LoadBalancer",
    "How it is reached from outside.",
  ),
  externalTrafficPolicy: defaultedField(
    z.enum(externalTrafficPolicies),
    "Cluster",
    "Which nodes let traffic in. Local keeps the client's address.",
  ),
  annotations: optionalField(
    z.record(z.string(), z.string()),
    "Annotations of the shared Service.",
  ),
});

const hostNetwork = z.strictObject({
  matchLabels: defaultedField(
    z.record(z.string(), z.string()),
    {},
    "Labels of the nodes that listen. Left out: every node.",
  ),
  sharedListenerPort: defaultedField(
    z.int(),
    DEFAULT_SHARED_LISTENER_PORT,
    "Port in shared mode. In dedicated mode each Ingress names its own.",
  ),
  privilegedPorts: defaultedField(
    z.boolean(),
    true,
    "Whether Envoy may listen below 1024, for which it gets the capability NET_BIND_SERVICE.",
  ),
});

export const ingressController = optionalField(
  z.strictObject({
    default: defaultedField(
      z.boolean(),
      false,
      "Whether Ingresses without a class are Cilium's: the class `cilium` is the default one.",
    ),
    loadbalancerMode: defaultedField(
      z.enum(["dedicated", "shared"]),
      "dedicated",
      "Whether each Ingress has a Service and an address of its own.",
    ),
    enforceHttps: defaultedField(
      z.boolean(),
      true,
      "Whether hosts with TLS redirect requests by HTTP to HTTPS.",
    ),
    defaultSecretName: optionalField(
      z.string(),
      "Secret with the certificate of hosts that name none.",
    ),
    defaultSecretNamespace: optionalField(z.string(), "Its namespace."),
    service: optionalField(service, "The Service. Left out: of type LoadBalancer."),
    hostNetwork: optionalField(
      hostNetwork,
      "Listens on addresses of the nodes, in place of a Service of type LoadBalancer.",
    ),
  }),
  "Ingress controller, class `cilium`. Left out: none.",
);
