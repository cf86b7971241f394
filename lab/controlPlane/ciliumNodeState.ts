import type { ClusterFacts, NodeFacts } from "./clusterFacts";
import { isConflict, isNotFound, type KubernetesApi, type KubernetesObject } from "./kubernetesApi";
import { networkOf } from "./nodeNetwork";
import type { Taint } from "./nodeObject";
import { timestamp } from "./timestamp";
import { pause } from "./watchList";

export const AGENT_NOT_READY_TAINT = "node.cilium.io/agent-not-ready";

type Wanted = "tainted" | "up" | "untouched";

/** What Cilium's operator wants of a node: tainted while its agent is not ready, up once it is. */
export function wantedNodeState(
  agent: NodeFacts["ciliumAgent"],
  config: Record<string, string>,
): Wanted {
  if (agent === "ready") {
    return "up";
  }
  return agent === "scheduled" && config["set-cilium-node-taints"] !== "false"
    ? "tainted"
    : "untouched";
}

/** Keeps taint, condition and CiliumNode of every node in step with its agent. */
export class CiliumNodeState {
  private readonly done = new Map<string, Wanted>();

  constructor(
    private readonly api: KubernetesApi,
    private readonly facts: ClusterFacts,
    private readonly config: Record<string, string>,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    let wake: () => void = () => undefined;
    const off = this.facts.onChange(() => wake());
    signal.addEventListener("abort", () => wake(), { once: true });
    while (!signal.aborted) {
      const changed = new Promise<void>((resolve) => (wake = resolve));
      const open = [...this.facts.nodes].filter(
        ([hostname, { ciliumAgent }]) =>
          this.done.get(hostname) !== wantedNodeState(ciliumAgent, this.config),
      );
      const results = await Promise.allSettled(open.map(([, host]) => this.settle(host)));
      if (results.some(({ status }) => status === "rejected")) {
        await pause(300, signal);
      } else {
        await changed;
        // Agents of many nodes get ready at the same moment: one look serves them together.
        await pause(30, signal);
      }
    }
    off();
  }

  private async settle(host: NodeFacts): Promise<void> {
    const { hostname } = host.node;
    const wanted = wantedNodeState(host.ciliumAgent, this.config);
    if (wanted === "tainted") {
      await this.setTaint(hostname, true);
    } else if (wanted === "up") {
      await Promise.all([this.makeCiliumNode(host), this.setCondition(hostname)]);
      if (this.config["remove-cilium-node-taints"] !== "false") {
        await this.setTaint(hostname, false);
      }
    }
    this.done.set(hostname, wanted);
  }

  private async setTaint(hostname: string, present: boolean): Promise<void> {
    const path = `/api/v1/nodes/${hostname}`;
    for (;;) {
      const node = await this.api.get<KubernetesObject & { spec: { taints?: Taint[] } }>(path);
      const taints = node.spec.taints ?? [];
      if (taints.some(({ key }) => key === AGENT_NOT_READY_TAINT) === present) {
        return;
      }
      const others = taints.filter(({ key }) => key !== AGENT_NOT_READY_TAINT);
      try {
        await this.api.patch(path, {
          metadata: { resourceVersion: node.metadata.resourceVersion },
          spec: {
            taints: present
              ? [...others, { key: AGENT_NOT_READY_TAINT, effect: "NoSchedule" }]
              : others,
          },
        });
        return;
      } catch (error) {
        if (!isConflict(error)) {
          throw error;
        }
      }
    }
  }

  private async setCondition(hostname: string): Promise<void> {
    const now = timestamp();
    await this.api.patch(
      `/api/v1/nodes/${hostname}/status`,
      {
        status: {
          conditions: [
            {
              type: "NetworkUnavailable",
              status: "False",
              reason: "CiliumIsUp",
              message: "Cilium is running on this node",
              lastHeartbeatTime: now,
              lastTransitionTime: now,
            },
          ],
        },
      },
      "strategic",
    );
  }

  private async makeCiliumNode(host: NodeFacts): Promise<void> {
    const { hostname, address } = host.node;
    const nodes = "/apis/cilium.io/v2/ciliumnodes";
    const podCIDR = networkOf({ ...host, cni: "cilium-agent" });
    const spec = {
      addresses: [{ type: "InternalIP", ip: address }],
      ipam: { podCIDRs: podCIDR === undefined ? [] : [podCIDR] },
    };
    try {
      await this.api.get(`${nodes}/${hostname}`);
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
      const node = await this.api.get<KubernetesObject>(`/api/v1/nodes/${hostname}`);
      await this.api.create(nodes, {
        apiVersion: "cilium.io/v2",
        kind: "CiliumNode",
        metadata: {
          name: hostname,
          ownerReferences: [
            { apiVersion: "v1", kind: "Node", name: hostname, uid: node.metadata.uid },
          ],
        },
        spec,
      });
    }
  }
}
