import type { V1Node, V1Pod } from "@kubernetes/client-node";

import { type ClusterApi, unless } from "../gates/clusterApi";
import { poll, progressOf } from "../gates/poll";
import { AGENT_BEFORE, MOVED_LABEL, type MigrationFacts } from "./facts";
import { named } from "./move";
import { readFacts } from "./readFacts";
import { isWithin } from "./target";

const KUBE_SYSTEM = "/api/v1/namespaces/kube-system";
const DAEMON_SETS = "/apis/apps/v1/namespaces/kube-system/daemonsets";
const RBAC = "/apis/rbac.authorization.k8s.io/v1";

/** What Talos makes for a program of its own on every node. */
interface Leftovers {
  /** Value of its pods' label `k8s-app`. */
  readonly app: string;
  readonly daemonSet: string;
  readonly others: readonly string[];
}

export const FLANNEL: Leftovers = {
  app: "flannel",
  daemonSet: `${DAEMON_SETS}/kube-flannel`,
  others: [
    `${KUBE_SYSTEM}/configmaps/kube-flannel-cfg`,
    `${KUBE_SYSTEM}/serviceaccounts/flannel`,
    `${RBAC}/clusterrolebindings/flannel`,
    `${RBAC}/clusterroles/flannel`,
  ],
};

/** Without the ConfigMap `kubeconfig-in-cluster`, which is a manifest of Talos in its own right. */
export const KUBE_PROXY: Leftovers = {
  app: "kube-proxy",
  daemonSet: `${DAEMON_SETS}/kube-proxy`,
  others: [`${KUBE_SYSTEM}/serviceaccounts/kube-proxy`, `${RBAC}/clusterrolebindings/kube-proxy`],
};

/**
 * Removes Flannel from the cluster, with its notes on the nodes and those of the migration.
 *
 * @throws while a pod has an address of Flannel's network, naming it
 */
export async function removeFlannel(api: ClusterApi, giveUpAfter: number): Promise<void> {
  const facts = await readFacts(api);
  const stillUsed = onFlannel(facts);
  if (stillUsed) throw new Error(stillUsed);
  await remove(api, FLANNEL, giveUpAfter);
  for (const node of await api.list<V1Node>("/api/v1/nodes")) {
    const metadata = withoutNotes(node);
    if (metadata) await api.patch(`/api/v1/nodes/${node.metadata?.name}`, { metadata });
  }
}

export function removeKubeProxy(api: ClusterApi, giveUpAfter: number): Promise<void> {
  return remove(api, KUBE_PROXY, giveUpAfter);
}

/** Why Flannel cannot go yet; nothing where it can. Pure. */
export function onFlannel({ flannel, nodes }: MigrationFacts): string | undefined {
  if (!flannel) return undefined;
  const users = nodes.flatMap(({ pods }) =>
    pods.filter(({ ip }) => ip !== undefined && isWithin(ip, [flannel.network])),
  );
  return users.length === 0
    ? undefined
    : `Flannel stays: ${named(users)} have addresses of its network ${flannel.network}. Restart them (kubectl delete pod), then run \`pulumi up\` again`;
}

/** What takes the notes of Flannel and of the migration off a node; undefined where it has none. Pure. */
export function withoutNotes({ metadata }: V1Node): object | undefined {
  const notes = Object.keys(metadata?.annotations ?? {}).filter(
    (key) => key.startsWith("flannel.alpha.coreos.com/") || key === AGENT_BEFORE,
  );
  const labels = Object.keys(metadata?.labels ?? {}).filter((key) => key === MOVED_LABEL);
  if (notes.length + labels.length === 0) return undefined;
  const nulls = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, null]));
  return { annotations: nulls(notes), labels: nulls(labels) };
}

/** First what runs, then what it needs. What is gone already is no fault. */
async function remove(api: ClusterApi, what: Leftovers, giveUpAfter: number): Promise<void> {
  await unless([404], api.delete(what.daemonSet));
  await poll({
    giveUpAfter,
    progress: progressOf(`removing ${what.app}`),
    attempt: async () => {
      const pods = await api.list<V1Pod>(`${KUBE_SYSTEM}/pods?labelSelector=k8s-app%3D${what.app}`);
      if (pods.length === 0) return { done: true };
      const state = `${pods.length} pods are ending`;
      return { done: false, state, failure: () => `${what.app} was not removed: ${state}` };
    },
  });
  for (const path of what.others) await unless([404], api.delete(path));
}
