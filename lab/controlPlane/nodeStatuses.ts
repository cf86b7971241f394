import type { ClusterFacts, NodeFacts } from "./clusterFacts";
import type { KubernetesApi } from "./kubernetesApi";
import { isReady, isUnknown, type NodeCondition } from "./nodeObject";
import { type NodeResource, renewLease, writeNodeStatus } from "./nodeRegistration";
import { pause } from "./watchList";

const RETRY_MS = 300;

/** What the cluster has of each node's status, and what its kubelet writes there. */
export class NodeStatuses {
  private readonly conditions = new Map<string, NodeCondition[]>();

  constructor(
    private readonly api: KubernetesApi,
    private readonly facts: ClusterFacts,
    private readonly signal: AbortSignal,
  ) {}

  note({ metadata, status }: NodeResource): void {
    this.conditions.set(metadata.name, status?.conditions ?? []);
  }

  forget(hostname: string): void {
    this.conditions.delete(hostname);
  }

  isReady(hostname: string): boolean {
    return isReady(this.conditions.get(hostname));
  }

  /** Writes what the kubelet knows. @returns whether the API server took it, sooner or later */
  async write(host: NodeFacts): Promise<boolean> {
    const { hostname } = host.node;
    for (let tries = 0; tries < 20 && this.facts.nodes.get(hostname) === host; tries++) {
      try {
        await writeNodeStatus(this.api, host, this.conditions.get(hostname) ?? []);
        return true;
      } catch {
        await pause(RETRY_MS, this.signal);
      }
    }
    return false;
  }

  /** The kubelet is there. */
  async beat(hostname: string): Promise<void> {
    // A missed heartbeat is made up by the next.
    await renewLease(this.api, hostname).catch(() => undefined);
    const conditions = this.conditions.get(hostname) ?? [];
    const host = this.facts.nodes.get(hostname);
    // After too many of them the cluster holds the node lost, until its kubelet says what it knows.
    if (host && isUnknown(conditions)) {
      await writeNodeStatus(this.api, host, conditions).catch(() => undefined);
    }
  }
}
