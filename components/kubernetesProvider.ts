import { Provider, type ProviderArgs } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

import { assertKubeconfig } from "./kubeconfig";

/** How to reach a cluster, and how to know it again. */
export interface ClusterAccess {
  /** Admin kubeconfig; kept secret. */
  readonly kubeconfig: pulumi.Input<string>;
  /**
   * What stays the same while the cluster does: its own id, not its name (a rebuilt cluster would
   * pass for the old one) and not its address (a moved one would replace Cilium).
   */
  readonly clusterIdentifier: pulumi.Input<string>;
}

/**
 * A Kubernetes provider that a changed endpoint or a renewed kubeconfig updates in place: without
 * `clusterIdentifier` it would be replaced, with every resource that was made through it.
 *
 * @param more `upsertExistingObjects` applies over what is there, and `enablePatchForce` takes fields that
 *   others hold; both are an error otherwise.
 */
export function kubernetesProvider(
  name: string,
  { kubeconfig, clusterIdentifier }: ClusterAccess,
  opts: pulumi.ResourceOptions,
  more: Pick<ProviderArgs, "upsertExistingObjects" | "enablePatchForce"> = {},
): Provider {
  return new Provider(
    name,
    {
      kubeconfig: pulumi.secret(pulumi.output(kubeconfig).apply(assertKubeconfig)),
      clusterIdentifier,
      enableServerSideApply: true,
      enableConfigMapMutable: true,
      // A key that is rotated is replaced in its Secret: without it the Secret would go and come back.
      enableSecretMutable: true,
      ...more,
    },
    opts,
  );
}
