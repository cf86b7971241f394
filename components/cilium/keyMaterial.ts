import type { Secret } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";

import type { CiliumSpec } from "../spec";
import type { KeyPair } from "./certificates";
import { type CertificatesWanted, certificateSecrets } from "./certificateSecrets";
import { ipsecKeySecret } from "./ipsecKey";

/** Keys that agents look for when they start. */
export interface KeyMaterial {
  /** CA of Cilium, secret; undefined where nothing needs one. */
  readonly ca: pulumi.Output<KeyPair> | undefined;
  readonly secrets: readonly Secret[];
}

/** Makes what keys a spec needs of the program: certificates of Hubble and mesh, the key of IPsec. */
export function keyMaterial(
  name: string,
  { hubble: { enabled, tls }, clusterMesh, encryption }: CiliumSpec,
  wanted: Pick<CertificatesWanted, "cluster" | "ca">,
  kubeconfig: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): KeyMaterial {
  const hubble = enabled && (tls?.method ?? "stack") === "stack";
  const certificates =
    hubble || clusterMesh
      ? certificateSecrets(
          name,
          { ...wanted, hubble, generation: tls?.generation ?? 1 },
          kubeconfig,
          opts,
        )
      : undefined;
  const secrets = [...(certificates?.secrets ?? [])];
  if (encryption?.type === "ipsec" && encryption.ipsec?.existingSecret === undefined) {
    secrets.push(ipsecKeySecret(name, encryption.ipsec?.keyId ?? 1, kubeconfig, opts));
  }
  return { ca: certificates?.ca, secrets };
}
