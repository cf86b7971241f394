import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { ClusterApi } from "../gates/clusterApi";
import { adopting, byImport, valueOf } from "../step";

/** The release's namespace. */
export const NAMESPACE = "kube-system";
/** Tells our Secrets from those of a Cilium that somebody else installed. */
export const OWNED = { "app.kubernetes.io/managed-by": "talos-cilium" };

/** Whether a Secret of this name is there and is one of ours. */
export async function isOwned(kubeconfig: string, secretName: string): Promise<boolean> {
  return isOwnedAt(kubeconfig, `/api/v1/namespaces/${NAMESPACE}/secrets/${secretName}`);
}

/** Whether there is an object at this path of the API, and it is one of ours. */
export async function isOwnedAt(kubeconfig: string, path: string): Promise<boolean> {
  const found = await (await ClusterApi.connect(kubeconfig)).metadata(path);
  return Object.entries(OWNED).every(([key, value]) => found?.labels?.[key] === value);
}

/**
 * A Secret of ours that stays in the cluster when it leaves the stack. One that a killed run made is
 * taken over, one of another hand is not.
 */
export function ownedSecret(
  name: string,
  secretName: string,
  content: {
    readonly type?: string;
    readonly stringData: pulumi.Input<Record<string, pulumi.Input<string>>>;
  },
  kubeconfig: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): Secret {
  return new Secret(
    `${name}-${secretName}`,
    {
      metadata: { name: secretName, namespace: NAMESPACE, labels: OWNED },
      type: content.type,
      stringData: pulumi.secret(content.stringData),
    },
    {
      ...opts,
      // The engine takes this from the old state: it cannot be added on the day it is needed.
      retainOnDelete: true,
      transforms: adopting(byImport(`${NAMESPACE}/${secretName}`), async () =>
        isOwned(await valueOf(kubeconfig), secretName),
      ),
    },
  );
}
