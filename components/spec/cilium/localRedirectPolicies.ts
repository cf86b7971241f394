import * as z from "zod/mini";

import { field, optionalField } from "../field";
import { selectorSchema } from "./labelSelector";

const toPorts = z.array(
  z.strictObject({
    port: field(z.string(), "Number of a port, in quotes."),
    protocol: field(z.enum(["TCP", "UDP"]), "Protocol."),
    name: optionalField(z.string(), "Name, where there are several ports."),
  }),
);

const policy = z.strictObject({
  namespace: field(z.string(), "Namespace of the pods on the node, and of the Service."),
  description: optionalField(z.string(), "What it is for."),
  redirectFrontend: field(
    z.strictObject({
      addressMatcher: optionalField(
        z.strictObject({
          ip: field(z.string(), "Address that packets are for."),
          toPorts: field(toPorts, "Ports of it."),
        }),
        "Packets to an address. Exclusive with serviceMatcher.",
      ),
      serviceMatcher: optionalField(
        z.strictObject({
          serviceName: field(z.string(), "Name of the Service."),
          namespace: field(z.string(), "Its namespace."),
          toPorts: optionalField(toPorts, "Ports of it. Left out: all."),
        }),
        "Packets to a Service. Exclusive with addressMatcher.",
      ),
    }),
    "What is led elsewhere.",
  ),
  redirectBackend: field(
    z.strictObject({
      localEndpointSelector: field(selectorSchema, "Pods on the same node that take it."),
      toPorts: field(toPorts, "Ports of them."),
    }),
    "Where it is led to.",
  ),
  skipRedirectFromBackend: optionalField(
    z.boolean(),
    "Whether these pods' own packets go where they are for. Left out: false.",
  ),
});

export const localRedirectPolicies = optionalField(
  z.strictObject({
    addressMatcherCIDRs: optionalField(
      z.array(z.string()),
      "Networks that an addressMatcher may name. Left out: any.",
    ),
    policies: field(
      z.record(z.string(), policy),
      "Policies by name, in the words of CiliumLocalRedirectPolicy.",
    ),
  }),
  "Packets for an address or a Service go to a pod on the same node. Needs kubeProxyReplacement; from Cilium 1.18. Left out: off.",
);
