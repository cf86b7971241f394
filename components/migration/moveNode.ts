import { type ClusterApi, unless } from "../gates/clusterApi";
import { type Attempt, poll, progressOf } from "../gates/poll";
import { AGENT_BEFORE, CORDONED_BEFORE, MOVED_LABEL, type NodeFacts } from "./facts";
import { type Move, named, nextMove } from "./move";
import { readNode } from "./readFacts";

/** A disruption budget does not let the pod go now. */
const TOO_MANY_REQUESTS = 429;
const KUBE_SYSTEM_PODS = "/api/v1/namespaces/kube-system/pods";

/**
 * Moves a node from Flannel to Cilium, from where it stands.
 *
 * @throws after `giveUpAfter` seconds, saying what it waited for; at once where nothing would help
 */
export async function moveNode(
  api: ClusterApi,
  hostname: string,
  podSubnets: readonly string[],
  giveUpAfter: number,
): Promise<void> {
  await poll({
    giveUpAfter,
    interval: 250,
    progress: progressOf(`moving ${hostname}`),
    attempt: async () => {
      const node = await readNode(api, hostname);
      if (!node) return waiting(hostname, "it has not joined");
      const move = nextMove(node, podSubnets);
      if (move.do === "done") return { done: true };
      if (move.do === "refuse")
        throw new Error(`${hostname} cannot be moved: ${move.reason}. Fix: ${move.fix}`);
      return waiting(hostname, await doMove(api, node, move));
    },
  });
}

function waiting(hostname: string, state: string): Attempt {
  const failure = () =>
    `${hostname} was not moved from Flannel to Cilium: ${state}. It has a CNI as it is; run \`pulumi up\` again and it goes on from here`;
  return { done: false, state, failure };
}

/** Does it, and says what it has to wait for then. */
async function doMove(
  api: ClusterApi,
  node: NodeFacts,
  move: Exclude<Move, { do: "done" | "refuse" }>,
): Promise<string> {
  const path = `/api/v1/nodes/${node.hostname}`;
  switch (move.do) {
    case "wait":
      return `waits for ${move.for}`;
    case "cordon": {
      const annotations = { [CORDONED_BEFORE]: String(node.isCordoned) };
      await api.patch(path, { metadata: { annotations }, spec: { unschedulable: true } });
      return "cordoned";
    }
    case "evict": {
      const held = [];
      for (const pod of move.pods) {
        const { namespace, name } = pod;
        const eviction = {
          apiVersion: "policy/v1",
          kind: "Eviction",
          metadata: { namespace, name },
        };
        const at = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
        const gone = await unless([404, TOO_MANY_REQUESTS], api.create(at, eviction));
        if (gone === TOO_MANY_REQUESTS) held.push(pod);
      }
      if (held.length === 0) return `evicted ${named(move.pods)}`;
      return `waits for a disruption budget (PodDisruptionBudget) to let ${named(held)} go`;
    }
    case "label":
      await api.patch(path, {
        metadata: {
          labels: { [MOVED_LABEL]: "true" },
          annotations: { [AGENT_BEFORE]: move.agent },
        },
      });
      return "labelled";
    case "restart agent":
      await unless([404], api.delete(`${KUBE_SYSTEM_PODS}/${move.pod}`));
      return "restarted its agent, which becomes its CNI";
    case "restart pods":
      for (const { namespace, name } of move.pods) {
        await unless([404], api.delete(`/api/v1/namespaces/${namespace}/pods/${name}`));
      }
      return `restarted ${named(move.pods)}`;
    case "uncordon":
      await api.patch(path, {
        metadata: { annotations: { [CORDONED_BEFORE]: null } },
        ...(!node.cordonedBefore && { spec: { unschedulable: null } }),
      });
      return "uncordoned";
  }
}
