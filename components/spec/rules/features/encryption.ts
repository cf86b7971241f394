import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import { ownValue } from "./chartValue";
import type { CiliumRule } from "./ciliumRule";

/** Encryption that the user's own values switch on. */
export const encryptionRules: readonly CiliumRule[] = [
  { id: "ipsec-key", warns: true, check: ipsecKey },
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
