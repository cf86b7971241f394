import type { ClusterRuntime, ConfiguredNode, EtcdMember } from "../../lab/nodes/clusterRuntime";

/** A cluster of nothing but notes: what the nodes told it, in order. */
export class FakeClusterRuntime implements ClusterRuntime {
  /** `start cp-1 first`, `join w-1`, `update cp-1`, `leave cp-1`, `stop`. */
  readonly notes: string[] = [];
  /** Rejects the next start with this. */
  startError: string | undefined;
  private running = false;
  private readonly members = new Map<string, EtcdMember>();

  async start(node: ConfiguredNode, options: { firstBoot: boolean }): Promise<void> {
    this.notes.push(`start ${node.hostname}${options.firstBoot ? " first" : ""}`);
    if (this.startError !== undefined) {
      throw new Error(this.startError);
    }
    this.running = true;
    this.addMember(node);
  }

  async join(node: ConfiguredNode): Promise<void> {
    this.notes.push(`join ${node.hostname}`);
    if (node.machineType === "controlplane") {
      this.addMember(node);
    }
  }

  async update(node: ConfiguredNode): Promise<void> {
    this.notes.push(`update ${node.hostname}`);
  }

  async leave(hostname: string): Promise<void> {
    this.notes.push(`leave ${hostname}`);
  }

  async etcdMembers(): Promise<EtcdMember[]> {
    return this.running ? [...this.members.values()] : [];
  }

  async stop(): Promise<void> {
    this.notes.push("stop");
    this.running = false;
  }

  private addMember(node: ConfiguredNode): void {
    this.members.set(node.hostname, {
      id: String(1000 + this.members.size),
      hostname: node.hostname,
      peerUrls: [`https://${node.address}:2380`],
      clientUrls: [`https://${node.address}:2379`],
      isLearner: false,
    });
  }
}
