import * as z from "zod/mini";

import { defaultedField, field, optionalField } from "../field";
import { NAMESPACE } from "./gateways";

const parentRef = z.strictObject({
  name: field(z.string(), "Gateway."),
  namespace: optionalField(z.string(), "Its namespace. Left out: the route's."),
  sectionName: optionalField(z.string(), "One of its listeners. Left out: all that fit."),
});

const backendRef = z.strictObject({
  name: field(z.string(), "Service."),
  namespace: optionalField(z.string(), "Its namespace. Left out: the route's."),
  port: field(z.int(), "Port of the Service."),
  weight: optionalField(z.int(), "Share of the requests among the backends of a rule."),
});

const backendRefs = z.array(backendRef);

/** What routes of every kind have. */
const attached = {
  namespace: defaultedField(z.string(), "default", NAMESPACE),
  parentRefs: field(z.array(parentRef), "Gateways that the route attaches to."),
};

const hostnames = optionalField(z.array(z.string()), "Names that it is for. Left out: all.");

const httpRule = z.strictObject({
  path: defaultedField(z.string(), "/", "Path that requests begin with, or are."),
  pathType: defaultedField(
    z.enum(["PathPrefix", "Exact"]),
    "PathPrefix",
    "How the path is compared.",
  ),
  redirectToHTTPS: optionalField(
    z.boolean(),
    "Whether requests are sent to the same place by HTTPS, in place of backends.",
  ),
  backendRefs: optionalField(backendRefs, "Services that answer."),
});

const grpcRule = z.strictObject({
  service: optionalField(z.string(), "Service of gRPC that is called. Left out: any.", {
    examples: ["shop.v1.Cart"],
  }),
  method: optionalField(z.string(), "Method that is called. Left out: any."),
  backendRefs: field(backendRefs, "Services that answer."),
});

export const httpRoute = z.strictObject({
  ...attached,
  hostnames,
  rules: field(z.array(httpRule), "What happens to requests, the longest path first."),
});

export const grpcRoute = z.strictObject({
  ...attached,
  hostnames,
  rules: field(z.array(grpcRule), "What happens to calls, the most exact rule first."),
});

export const tlsRoute = z.strictObject({
  ...attached,
  hostnames: field(z.array(z.string()), "Names that clients ask for when they open TLS (SNI).", {
    examples: [["mail.example.org"]],
  }),
  backendRefs: field(backendRefs, "Services that answer, and decrypt."),
});

export type HTTPRouteSpec = z.output<typeof httpRoute>;
export type GRPCRouteSpec = z.output<typeof grpcRoute>;
