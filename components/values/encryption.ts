import type { Encryption } from "../spec/cilium/encryption";
import type { ChartValues } from "./chartValues";
import { minorNumber } from "./minorNumber";
import { onlyNetwork } from "./podNetworks";

/**
 * Encryption between nodes. The strict mode moved between minors: what 1.18 calls `strictMode` is
 * `strictMode.egress` from 1.19 on, and 1.20 takes no notice of the old keys.
 */
export function encryptionValues(input: {
  readonly version: string;
  readonly encryption?: Encryption;
  /** What pods get their addresses from. */
  readonly podNetworks?: readonly string[];
  readonly routing?: { readonly mode?: "tunnel" | "native" };
}): ChartValues {
  const { encryption } = input;
  if (!encryption) return {};
  const { type, strictMode, persistentKeepalive, ipsec } = encryption;
  return {
    encryption: {
      enabled: true,
      type,
      ...(persistentKeepalive !== undefined && { wireguard: { persistentKeepalive } }),
      ...(type === "ipsec" && ipsec && { ipsec: ipsecValues(ipsec) }),
      ...(strictMode && { strictMode: strictModeValues(strictMode, input) }),
    },
  };
}

function ipsecValues({
  existingSecret,
  keyRotationDuration,
}: NonNullable<Encryption["ipsec"]>): ChartValues {
  return {
    ...(existingSecret !== undefined && { secretName: existingSecret }),
    ...(keyRotationDuration !== undefined && { keyRotationDuration }),
  };
}

function strictModeValues(
  strictMode: NonNullable<Encryption["strictMode"]>,
  { version, podNetworks = [], routing }: Parameters<typeof encryptionValues>[0],
): ChartValues {
  const cidr = strictMode.cidr ?? onlyNetwork(podNetworks, "IPv4");
  const egress = {
    enabled: true,
    ...(cidr !== undefined && { cidr }),
    allowRemoteNodeIdentities: strictMode.allowRemoteNodeIdentities ?? routing?.mode !== "native",
  };
  const ingress = strictMode.ingress && { ingress: { enabled: true } };
  return minorNumber(version) < 19 ? { ...egress, ...ingress } : { egress, ...ingress };
}
