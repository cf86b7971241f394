import * as pulumi from "@pulumi/pulumi";

import type { V1CustomResourceDefinition } from "@kubernetes/client-node";

import { ClusterApi } from "./clusterApi";
import { poll } from "./poll";

/**
 * Waits until CRDs that somebody else installs are established.
 *
 * @param names such as `servicemonitors.monitoring.coreos.com`
 * @throws after `giveUpAfter` seconds, naming those that are not.
 */
export async function untilCRDsEstablished(
  kubeconfig: string,
  names: readonly string[],
  giveUpAfter: number,
): Promise<void> {
  const api = await ClusterApi.connect(kubeconfig);
  await poll({
    giveUpAfter,
    progress: (state, seconds) =>
      pulumi.log.info(`${state} (${seconds} s)`, undefined, undefined, true),
    attempt: async () => {
      const crds = await Promise.all(
        names.map((name) =>
          api.get<V1CustomResourceDefinition>(
            `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`,
          ),
        ),
      );
      const missing = names.filter((_, index) => !isEstablished(crds[index]));
      if (missing.length === 0) return { done: true };
      const state = `waiting for CRDs: ${missing.join(", ")}`;
      return { done: false, state, failure: () => crdsMissing(missing) };
    },
  });
}

/** Whether the API server takes objects of a CRD. Pure. */
export function isEstablished(crd: V1CustomResourceDefinition | undefined): boolean {
  const conditions = crd?.status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === "Established" && status === "True");
}

/** The message that the gate gives up with. Pure. */
export function crdsMissing(missing: readonly string[]): string {
  return (
    `nobody has installed ${missing.join(", ")}. The cluster is up: install what brings them, for ` +
    "example the operator of Prometheus, then run `pulumi up` again: it goes on from here"
  );
}
