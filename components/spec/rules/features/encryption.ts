import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import { ownValue } from "./chartValue";
import type { CiliumRule } from "./ciliumRule";

/** Encryption between nodes. */
export const encryptionRules: readonly CiliumRule[] = [
  { id: "ipsec-key", warns: true, check: ipsecKey },
  { id: "encryption-unused", warns: true, check: encryptionUnused },
];

// A Secret of a name of their own is the user's.
function* ipsecKey(cilium: CiliumSpec): Iterable<Finding> {
  const typed = cilium.encryption?.type;
  const isOn = ownValue(cilium, "encryption.enabled") ?? typed !== undefined;
  const type = ownValue(cilium, "encryption.type") ?? typed ?? "ipsec";
  if (!isOn || type !== "ipsec" || typed === "ipsec") return;
  if (ownValue(cilium, "encryption.ipsec.secretName")) return;
  yield {
    propertyPath: "cilium.values.encryption",
    got: cilium.values["encryption"],
    reason: "IPsec by values alone gets no key, and agents wait for its Secret (cilium-ipsec-keys)",
    fix: "write `encryption: { type: ipsec }` under cilium in its place, which makes the key",
  };
}

function* encryptionUnused({ encryption }: CiliumSpec): Iterable<Finding> {
  if (!encryption) return;
  const { type } = encryption;
  const [key, other] =
    type === "ipsec"
      ? (["persistentKeepalive", "WireGuard"] as const)
      : (["ipsec", "IPsec"] as const);
  const got = encryption[key];
  if (got === undefined) return;
  yield {
    propertyPath: `cilium.encryption.${key}`,
    got,
    reason: `it is about ${other} and does nothing, while ${type} encrypts`,
    fix: "remove it",
  };
}
