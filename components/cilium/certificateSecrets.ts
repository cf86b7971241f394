import type { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { Stash } from "@pulumi/pulumi/stash";

import type { CiliumCertificates, KeyPair } from "./certificates";
import { makeCertificates, outdated } from "./certificates";
import { ownedSecret } from "./ownedSecret";
import { CERTIFICATE_SECRETS } from "./releaseValues";

/** Which certificates a cluster needs. */
export interface CertificatesWanted {
  /** Cilium's `cluster.name`. @default the chart's */
  readonly cluster?: string;
  /** CA that signs them, that of the mesh. @default one of its own */
  readonly ca?: pulumi.Input<KeyPair>;
  /** Whether Hubble needs any; a mesh without Hubble needs the CA alone. */
  readonly hubble: boolean;
  /** Number of Hubble's certificates: another one makes new ones, by the same CA. */
  readonly generation: number;
}

/**
 * Makes Cilium's and Hubble's certificates once, keeps them in a secret Stash and hands them to the
 * cluster as Secrets, so that no render of the chart changes a key and no Job has to make one
 * before there is a pod network.
 */
export function certificateSecrets(
  name: string,
  { cluster, ca, hubble, generation }: CertificatesWanted,
  kubeconfig: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): { readonly secrets: Secret[]; readonly ca: pulumi.Output<KeyPair> } {
  const keep = (stashName: string, signer: pulumi.Input<KeyPair> | undefined) => {
    const made = () => pulumi.output(signer).apply((given) => makeCertificates(cluster, given));
    const stash = new Stash(
      stashName,
      // A preview need not wait for keys, and no value of them could be shown.
      { input: pulumi.secret(pulumi.runtime.isDryRun() ? pulumi.unknown : made()) },
      // Every update makes new ones; only the first are kept. The provider is for the Secrets alone.
      { ...opts, provider: undefined, ignoreChanges: ["input"] },
    );
    return pulumi.secret(stash.output as pulumi.Output<CiliumCertificates>);
  };
  // The CA is always that of the first: whoever trusts it, as other clusters of a mesh do, still does.
  const first = keep(`${name}-certificates`, ca);
  const kept =
    generation === 1
      ? first
      : keep(
          `${name}-certificates-${generation}`,
          first.apply((certificates) => certificates.ca),
        );
  // They stay when the cluster gets another name or joins a mesh, and nothing else would say so.
  pulumi.all([kept, ca]).apply(([certificates, given]) => {
    // Under the mocks of an importer's tests a Stash may keep nothing.
    const reason = certificates && outdated(certificates, { cluster, ca: given, hubble });
    const said = `the certificates of Cilium and Hubble are made once: ${reason}`;
    if (reason !== undefined) void pulumi.log.warn(said, opts.parent);
  });
  const secret = (
    secretName: string,
    type: string,
    stringData: (certificates: CiliumCertificates) => Record<string, string>,
  ) =>
    ownedSecret(name, secretName, { type, stringData: kept.apply(stringData) }, kubeconfig, opts);
  const tls = (secretName: string, pair: (certificates: CiliumCertificates) => KeyPair) =>
    secret(secretName, "kubernetes.io/tls", (certificates) => ({
      "ca.crt": certificates.ca.cert,
      "tls.crt": pair(certificates).cert,
      "tls.key": pair(certificates).key,
    }));
  const hubbleSecrets = () => [
    tls(CERTIFICATE_SECRETS.hubbleServer, (certificates) => certificates.hubbleServer),
    tls(CERTIFICATE_SECRETS.hubbleRelayClient, (certificates) => certificates.hubbleRelayClient),
  ];
  const secrets = [
    secret(CERTIFICATE_SECRETS.ca, "Opaque", ({ ca }) => ({ "ca.crt": ca.cert, "ca.key": ca.key })),
    ...(hubble ? hubbleSecrets() : []),
  ];
  return { secrets, ca: pulumi.secret(kept.apply((certificates) => certificates.ca)) };
}
