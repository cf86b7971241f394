import { parse } from "yaml";

import { currentOf, type Kubeconfig } from "../../kubeconfig";

/** Of cluster, context and user. The name of the cluster that Cilium gets is in its values. */
const NAME = "cluster";

/**
 * The current context alone, under names that say nothing: from `kind-…`, `rancher-desktop` or `gke_…` the
 * CLI concludes what kind of cluster it is, and adds values for that. Pure.
 */
export function underPlainNames(kubeconfig: string): string {
  const { context, cluster, user } = currentOf(parse(kubeconfig) as Kubeconfig);
  const named = (entry?: object) => (entry ? [{ ...entry, name: NAME }] : []);
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: named(cluster),
    users: named(user),
    contexts: [{ name: NAME, context: { ...context, cluster: NAME, user: NAME } }],
    "current-context": NAME,
  });
}
