import { parse } from "yaml";

import type { Kubeconfig } from "../../kubeconfig";

/** Of cluster, context and user. The name of the cluster that Cilium gets is in its values. */
const NAME = "cluster";

/**
 * The current context alone, under names that say nothing: from `kind-…`, `rancher-desktop` or `gke_…` the
 * CLI concludes what kind of cluster it is, and adds values for that. Pure.
 */
export function underPlainNames(kubeconfig: string): string {
  const config = parse(kubeconfig) as Kubeconfig;
  const { context } = config.contexts?.find(({ name }) => name === config["current-context"]) ?? {};
  const named = <Entry extends { name?: string }>(entries: readonly Entry[] = [], name?: string) =>
    entries.filter((entry) => entry.name === name).map((entry) => ({ ...entry, name: NAME }));
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: named(config.clusters, context?.cluster),
    users: named(config.users, context?.user),
    contexts: [{ name: NAME, context: { ...context, cluster: NAME, user: NAME } }],
    "current-context": NAME,
  });
}
