import * as z from "zod/mini";

import { defaultedField, optionalField } from "../field";
import { labelSelector } from "./labelSelector";
import { egressDenyRule, egressRule, ingressDenyRule, ingressRule } from "./policyRules";

const baseline = z.strictObject({
  excludedNamespaces: defaultedField(
    z.array(z.string()),
    ["kube-system"],
    "Namespaces whose pods it leaves alone. kube-system belongs to them.",
  ),
  apiServerPort: defaultedField(
    z.int().check(z.minimum(1), z.maximum(65535)),
    6443,
    "Port that kube-apiserver listens on at each control plane.",
  ),
});

const policy = z.strictObject({
  namespace: optionalField(
    z.string(),
    "Namespace of its pods, which has to be there. Left out: it holds in every namespace.",
  ),
  description: optionalField(z.string(), "What it is for."),
  endpointSelector: labelSelector("Pods that it is about. Left out: all."),
  enableDefaultDeny: optionalField(
    z.strictObject({
      ingress: optionalField(z.boolean(), "Whether everything else is denied that comes in."),
      egress: optionalField(z.boolean(), "Whether everything else is denied that goes out."),
    }),
    "Whether rules deny everything else in their direction. Left out: they do.",
  ),
  ingress: optionalField(z.array(ingressRule), "What may come in."),
  ingressDeny: optionalField(z.array(ingressDenyRule), "What may not, whatever else says."),
  egress: optionalField(z.array(egressRule), "What may go out."),
  egressDeny: optionalField(z.array(egressDenyRule), "What may not, whatever else says."),
});

const schema = z.strictObject({
  baseline: optionalField(
    baseline,
    "Denies pods everything but DNS, the Kubernetes API, and what their own node and the API ask of them; {} sets it up. Left out: none.",
  ),
  policies: defaultedField(
    z.record(z.string(), policy),
    {},
    "Policies by name, in the words of CiliumNetworkPolicy.",
  ),
});

export type NetworkPolicies = z.output<typeof schema>;
export type NetworkPolicy = z.output<typeof policy>;

export const networkPolicies = optionalField(schema, "What pods may say to whom. Left out: all.");
