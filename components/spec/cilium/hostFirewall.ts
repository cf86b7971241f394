import * as z from "zod/mini";

import { defaultedField, optionalField } from "../field";
import { labelSelector } from "./labelSelector";
import { egressDenyRule, ingressDenyRule } from "./policyRules";

const policy = z.strictObject({
  description: optionalField(z.string(), "What it is for."),
  nodeSelector: labelSelector("Nodes that it is about, by their labels. Left out: all."),
  ingress: optionalField(z.array(ingressDenyRule), "What may come in, beside Talos' own ports."),
  ingressDeny: optionalField(z.array(ingressDenyRule), "What may not, whatever else says."),
  egress: optionalField(z.array(egressDenyRule), "What may go out, beside what Talos needs."),
  egressDeny: optionalField(z.array(egressDenyRule), "What may not, whatever else says."),
});

const schema = z.strictObject({
  enforce: defaultedField(
    z.boolean(),
    false,
    "Whether anything is dropped. Until then policies, those of pods too, only note what they would drop (policyAuditMode).",
  ),
  apiServerPort: defaultedField(
    z.int().check(z.minimum(1), z.maximum(65535)),
    6443,
    "Port that kube-apiserver listens on at each control plane.",
  ),
  policies: defaultedField(
    z.record(z.string(), policy),
    {},
    "Policies of nodes by name, in the words of CiliumClusterwideNetworkPolicy.",
  ),
});

export type HostFirewall = z.output<typeof schema>;
export type HostPolicy = z.output<typeof policy>;

export const hostFirewall = optionalField(
  schema,
  "Policies of the nodes themselves; {} sets it up with Talos' own ports open. Left out: off.",
);
