import * as z from "zod/mini";

import { defaultedField, field, optionalField } from "../field";

export const NAMESPACE = "Namespace, which has to exist.";

const tls = z.strictObject({
  mode: defaultedField(
    z.enum(["Terminate", "Passthrough"]),
    "Terminate",
    "Whether the gateway decrypts, or hands on what it cannot read.",
  ),
  secretName: optionalField(
    z.string(),
    "Secret of type kubernetes.io/tls in the Gateway's namespace. Left out: `<gateway>-<listener>-tls`.",
  ),
  certificateFrom: optionalField(
    z.string(),
    "Name of a secret of the stack with the certificate chain, PEM, of which the Secret is made. Left out: something else makes it, such as cert-manager.",
  ),
  privateKeyFrom: optionalField(
    z.string(),
    "Name of a secret of the stack with the private key, PEM.",
  ),
});

const listener = z.strictObject({
  port: field(z.int(), "Port.", { examples: [443] }),
  protocol: field(z.enum(["HTTP", "HTTPS", "TLS"]), "What is spoken."),
  hostname: optionalField(z.string(), "Name that is listened for. Left out: any.", {
    examples: ["*.example.org"],
  }),
  tls: optionalField(tls, "Certificate of an HTTPS or TLS listener."),
  allowedRoutes: defaultedField(
    z.enum(["Same", "All"]),
    "Same",
    "Namespaces whose routes may attach: the Gateway's own, or all.",
  ),
});

export const gateway = z.strictObject({
  namespace: defaultedField(z.string(), "default", NAMESPACE),
  annotations: optionalField(
    z.record(z.string(), z.string()),
    "Annotations of the Gateway, such as cert-manager.io/cluster-issuer.",
  ),
  serviceAnnotations: optionalField(
    z.record(z.string(), z.string()),
    "Annotations of the Service that Cilium makes for it.",
  ),
  addresses: optionalField(
    z.array(z.string()),
    "Addresses that are asked for. Left out: any of the pools.",
  ),
  listeners: field(z.record(z.string(), listener), "Listeners by name."),
});

export type GatewaySpec = z.output<typeof gateway>;
