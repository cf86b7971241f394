import { randomBytes } from "node:crypto";

import type { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { Stash } from "@pulumi/pulumi/stash";

import { ownedSecret } from "./ownedSecret";

/** The chart's own name for it. */
export const IPSEC_SECRET = "cilium-ipsec-keys";

/** Sixteen bytes of the key and four of the salt. */
const KEY_BYTES = 20;

/**
 * A key of IPsec as agents read it: number, `+` for a key of its own for each tunnel, cipher, key and
 * length of the check value. Pure but for the random bytes.
 */
export function ipsecKey(keyId: number, bytes: Buffer = randomBytes(KEY_BYTES)): string {
  return `${keyId}+ rfc4106(gcm(aes)) ${bytes.toString("hex")} 128`;
}

/**
 * The key of IPsec, made once for each number, kept in a secret Stash and handed to the cluster as a
 * Secret. With another number there is another Stash, whose key replaces the one in the Secret: agents
 * watch it and know both for a while.
 */
export function ipsecKeySecret(
  name: string,
  keyId: number,
  kubeconfig: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): Secret {
  const stash = new Stash(
    `${name}-ipsec-key-${keyId}`,
    { input: pulumi.secret(pulumi.runtime.isDryRun() ? pulumi.unknown : ipsecKey(keyId)) },
    // Every update makes a new one; only the first is kept. The provider is for the Secret alone.
    { ...opts, provider: undefined, ignoreChanges: ["input"] },
  );
  const stringData = { keys: stash.output as pulumi.Output<string> };
  return ownedSecret(name, IPSEC_SECRET, { type: "Opaque", stringData }, kubeconfig, opts);
}
