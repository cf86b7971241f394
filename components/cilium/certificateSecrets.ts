import type { V1Secret } from "@kubernetes/client-node";
import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { Stash } from "@pulumi/pulumi/stash";

import { ClusterApi } from "../gates/clusterApi";
import { adopting, byImport, valueOf } from "../step";
import type { CiliumCertificates, KeyPair } from "./certificates";
import { makeCertificates } from "./certificates";
import { CERTIFICATE_SECRETS } from "./releaseValues";

const NAMESPACE = "kube-system";
/** Tells our Secrets from those of a Cilium that somebody else installed. */
export const OWNED = { "app.kubernetes.io/managed-by": "talos-cilium" };

/**
 * Makes Cilium's and Hubble's certificates once, keeps them in a secret Stash and hands them to the
 * cluster as Secrets, so that no render of the chart changes a key and no Job has to make one
 * before there is a pod network.
 */
export function certificateSecrets(
  name: string,
  cluster: string | undefined,
  kubeconfig: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): Secret[] {
  const stash = new Stash(
    `${name}-certificates`,
    // A preview need not wait for keys, and no value of them could be shown.
    {
      input: pulumi.secret(pulumi.runtime.isDryRun() ? pulumi.unknown : makeCertificates(cluster)),
    },
    // Every update makes new ones; only the first are kept. The provider is for the Secrets alone.
    { ...opts, provider: undefined, ignoreChanges: ["input"] },
  );
  const kept = pulumi.secret(stash.output as pulumi.Output<CiliumCertificates>);
  const secret = (
    secretName: string,
    type: string,
    stringData: (certificates: CiliumCertificates) => Record<string, string>,
  ) =>
    new Secret(
      `${name}-${secretName}`,
      {
        metadata: { name: secretName, namespace: NAMESPACE, labels: OWNED },
        type,
        stringData: pulumi.secret(kept.apply(stringData)),
      },
      {
        ...opts,
        retainOnDelete: true,
        transforms: adopting(byImport(`${NAMESPACE}/${secretName}`), async () =>
          isOwned(await valueOf(kubeconfig), secretName),
        ),
      },
    );
  const tls = (secretName: string, pair: (certificates: CiliumCertificates) => KeyPair) =>
    secret(secretName, "kubernetes.io/tls", (certificates) => ({
      "ca.crt": certificates.ca.cert,
      "tls.crt": pair(certificates).cert,
      "tls.key": pair(certificates).key,
    }));
  return [
    secret(CERTIFICATE_SECRETS.ca, "Opaque", ({ ca }) => ({ "ca.crt": ca.cert, "ca.key": ca.key })),
    tls(CERTIFICATE_SECRETS.hubbleServer, (certificates) => certificates.hubbleServer),
    tls(CERTIFICATE_SECRETS.hubbleRelayClient, (certificates) => certificates.hubbleRelayClient),
  ];
}

async function isOwned(kubeconfig: string, secretName: string): Promise<boolean> {
  const api = await ClusterApi.connect(kubeconfig);
  const found = await api.get<V1Secret>(`/api/v1/namespaces/${NAMESPACE}/secrets/${secretName}`);
  return Object.entries(OWNED).every(([key, value]) => found?.metadata?.labels?.[key] === value);
}
