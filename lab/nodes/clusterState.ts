import type { ClusterRuntime, ConfiguredNode, EtcdMember } from "./clusterRuntime";

/** A control plane as its cluster sees it. */
export interface EtcdHost {
  /** Stands and has etcd data. */
  readonly runsEtcd: boolean;
  /** Has etcd data, whether it stands or not. */
  readonly hasEtcdData: boolean;
  /** The cluster was bootstrapped: a control plane that waits may join etcd now. */
  joinEtcd(): void;
}

/**
 * The cluster behind the nodes: one runtime, started by the first control plane that has etcd data
 * and stopped with the last.
 */
export class ClusterState {
  private running: Promise<void> | undefined;
  /** How often the processes were ended: a start that waits over one of them is off. */
  private ends = 0;
  private stopped = false;
  private startFailure: string | undefined;
  private readonly hosts = new Set<EtcdHost>();

  constructor(
    readonly runtime: ClusterRuntime,
    private readonly onFailure: (what: string, error: Error) => void,
  ) {}

  /** Some control plane has etcd data. */
  get isBootstrapped(): boolean {
    return [...this.hosts].some((host) => host.hasEtcdData);
  }

  /** Why the processes did not start; undefined while nothing failed. */
  get failure(): string | undefined {
    return this.startFailure;
  }

  addHost(host: EtcdHost): void {
    this.hosts.add(host);
  }

  removeHost(host: EtcdHost): void {
    this.hosts.delete(host);
  }

  /** Starts etcd and the control plane unless they run. Never rejects: see {@link failure}. */
  start(node: ConfiguredNode, options: { firstBoot: boolean; delayMs: number }): Promise<void> {
    this.running ??= this.startNow(node, options);
    for (const host of this.hosts) {
      host.joinEtcd();
    }
    return this.running;
  }

  /** A machine that ran went away. The processes end with the last one that had etcd. */
  async leave(hostname: string): Promise<void> {
    if (this.stopped) {
      return;
    }
    await this.attempt(`${hostname} leaves the cluster`, () => this.runtime.leave(hostname));
    if (this.running !== undefined && ![...this.hosts].some((host) => host.runsEtcd)) {
      this.running = undefined;
      this.ends++;
      await this.attempt("the control plane stops", () => this.runtime.stop());
    }
  }

  async join(node: ConfiguredNode): Promise<void> {
    await this.attempt(`${node.hostname} joins the cluster`, () => this.runtime.join(node));
  }

  async update(node: ConfiguredNode): Promise<void> {
    await this.attempt(`${node.hostname} takes its configuration over`, () =>
      this.runtime.update(node),
    );
  }

  async etcdMembers(): Promise<EtcdMember[]> {
    return this.running === undefined ? [] : this.runtime.etcdMembers();
  }

  /** The lab ends: nobody has to leave any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.running = undefined;
    this.ends++;
    await this.runtime.stop();
  }

  private async startNow(
    node: ConfiguredNode,
    options: { firstBoot: boolean; delayMs: number },
  ): Promise<void> {
    if (options.delayMs > 0) {
      const { ends } = this;
      await new Promise((resolve) => setTimeout(resolve, options.delayMs));
      if (this.ends !== ends) return;
    }
    try {
      this.startFailure = undefined;
      await this.runtime.start(node, { firstBoot: options.firstBoot });
    } catch (error) {
      this.startFailure = (error as Error).message;
      this.onFailure(`the control plane does not start on ${node.hostname}`, error as Error);
    }
  }

  private async attempt(what: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.onFailure(what, error as Error);
    }
  }
}
