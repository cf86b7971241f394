import * as z from "zod/mini";

import { defaultedField, optionalField } from "../field";

const schema = z.strictObject({
  image: defaultedField(
    z.string(),
    "ghcr.io/alex1989hu/kubelet-serving-cert-approver:0.11.0",
    "Image of the approver, pinned by tag or digest.",
  ),
});

export const servingCertApprover = optionalField(
  schema,
  "Approver of the certificates that kubelets ask for with rotate-server-certificates, on the network of the host and there before Cilium; {} installs it. Left out: none.",
);
