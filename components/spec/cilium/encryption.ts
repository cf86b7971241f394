import * as z from "zod/mini";

import { defaultedField, field, optionalField } from "../field";

/** Ways to encrypt that are supported; the chart takes any word, and encrypts nothing with a wrong one. */
export const encryptionTypes = ["wireguard", "ipsec"] as const;

const strictMode = z.strictObject({
  cidr: optionalField(
    z.string(),
    "IPv4 network whose unencrypted traffic between nodes is dropped. Left out: the IPv4 network of podSubnets, or the one pool that ipam names.",
    { examples: ["10.244.0.0/16"] },
  ),
  allowRemoteNodeIdentities: optionalField(
    z.boolean(),
    "Whether traffic of remote nodes passes unencrypted. Left out: true, and false with native routing.",
  ),
  ingress: defaultedField(
    z.boolean(),
    false,
    "Whether unencrypted traffic is dropped also where it arrives; from Cilium 1.19.",
  ),
});

const ipsec = z.strictObject({
  keyId: defaultedField(
    z.int().check(z.minimum(1), z.maximum(15)),
    1,
    "Number of the key, 1 to 15; another number makes another key, which replaces the old one on the running nodes. After 15 comes 1.",
  ),
  keyRotationDuration: optionalField(
    z.string(),
    "How long agents still know the old key, a Go duration. Left out: 5m.",
    { examples: ["10m"] },
  ),
  existingSecret: optionalField(
    z.string(),
    "Secret in kube-system with a key `keys` that somebody else makes. Left out: one is generated and kept secret in the state.",
  ),
});

const schema = z.strictObject({
  type: field(z.enum(encryptionTypes), "How traffic of pods between nodes is encrypted.", {
    examples: ["wireguard"],
  }),
  strictMode: optionalField(strictMode, "Drops what would leave a node unencrypted."),
  persistentKeepalive: optionalField(
    z.string(),
    "WireGuard's interval of keep-alive packets, a Go duration. Left out: none.",
    { examples: ["25s"] },
  ),
  ipsec: optionalField(ipsec, "Key of IPsec. Left out: key 1 is generated."),
});

export type Encryption = z.output<typeof schema>;

export const encryption = optionalField(
  schema,
  "Encryption of the pods' traffic between nodes. Left out: none.",
);
