import * as z from "zod/mini";

import { defaultedField, optionalField } from "../field";

/** The approver where nothing is said; an image of the user's own is taken from where it says. */
export const APPROVER_IMAGE = "ghcr.io/alex1989hu/kubelet-serving-cert-approver:0.11.0";

const schema = z.strictObject({
  image: defaultedField(
    z.string(),
    APPROVER_IMAGE,
    "Image of the approver, pinned by tag or digest.",
  ),
});

export const servingCertApprover = optionalField(
  schema,
  "Approver of the certificates that kubelets ask for with rotate-server-certificates, on the network of the host and there before Cilium; {} installs it. Left out: none.",
);
