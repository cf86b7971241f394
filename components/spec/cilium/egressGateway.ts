import * as z from "zod/mini";

import { field, optionalField } from "../field";
import { labelSelector, selectorSchema } from "./labelSelector";

const policy = z.strictObject({
  selectors: field(
    z.array(
      z.strictObject({
        podSelector: labelSelector("Pods, by their labels."),
        namespaceSelector: labelSelector("Namespaces of the pods, by their labels."),
        nodeSelector: labelSelector("Nodes of the pods, by their labels."),
      }),
    ),
    "Pods whose packets leave through the gateway.",
  ),
  destinationCIDRs: field(z.array(z.string()), "Networks that these packets are for.", {
    examples: [["0.0.0.0/0"]],
  }),
  excludedCIDRs: optionalField(z.array(z.string()), "Networks inside that are reached directly."),
  egressGateway: field(
    z.strictObject({
      nodeSelector: field(selectorSchema, "The node that they leave from; the first of several."),
      egressIP: optionalField(
        z.string(),
        "Address that they get, which the node has. Exclusive with interface. Left out: that of the interface.",
      ),
      interface: optionalField(
        z.string(),
        "Link whose first address they get. Left out: that of the default route.",
      ),
    }),
    "Where they leave the cluster.",
  ),
});

export const egressGateway = optionalField(
  z.strictObject({
    policies: field(
      z.record(z.string(), policy),
      "Policies by name, in the words of CiliumEgressGatewayPolicy.",
    ),
  }),
  "Packets of some pods leave the cluster from a chosen node. Needs kubeProxyReplacement and datapath.masquerade: bpf. Left out: off.",
);
