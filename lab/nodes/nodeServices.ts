import type { EtcdHost } from "./clusterState";
import type { SimulatedNode } from "./simulatedNode";

/** What runs on a booted machine as far as others can tell: container runtime, etcd, kubelet. */
export class NodeServices implements EtcdHost {
  private containerRuntimeUp = false;
  private kubeletJoined = false;

  constructor(private readonly node: SimulatedNode) {}

  get isContainerRuntimeUp(): boolean {
    return this.containerRuntimeUp;
  }

  /** The kubelet was handed to Kubernetes. */
  get hasJoined(): boolean {
    return this.kubeletJoined;
  }

  get hasEtcdData(): boolean {
    return this.node.disk.etcdData;
  }

  get runsEtcd(): boolean {
    return this.hasEtcdData && this.node.isControlPlane && this.node.life.isUp;
  }

  /** Talos' `startEverything`. */
  start(): void {
    const { node } = this;
    const { cluster, life } = node;
    const lasts = life.watch();
    this.containerRuntimeUp = true;
    if (node.isControlPlane && (this.hasEtcdData || cluster?.isBootstrapped)) {
      node.disk.etcdData = true;
      this.startCluster(false);
    }
    if (!node.faults.kubeletNeverRegisters) {
      void cluster?.join(node.configuredNode()).then(() => {
        if (lasts()) {
          this.kubeletJoined = true;
          this.settle();
        }
      });
    }
    life.schedule(node.options.timings.bootTimeoutMs, () => {
      if (life.stage === "booting" && node.isControlPlane && !this.hasEtcdData) {
        node.inBackground(node.reboot());
      }
    });
    this.settle();
  }

  stop(): void {
    this.containerRuntimeUp = false;
    this.kubeletJoined = false;
  }

  /** Bootstrap was accepted: etcd has data from here on, whatever happens next. */
  bootstrap(): void {
    this.node.disk.etcdData = true;
    this.startCluster(true);
  }

  joinEtcd(): void {
    if (this.node.isControlPlane && this.containerRuntimeUp) {
      if (!this.hasEtcdData) {
        this.node.disk.etcdData = true;
      }
      this.settle();
    }
  }

  /** A boot is over when its services are: then the machine is running. */
  settle(): void {
    const { faults, isControlPlane, life, listener, changes } = this.node;
    const servicesRun = isControlPlane
      ? this.hasEtcdData && faults.etcd !== "unhealthy"
      : this.kubeletJoined && listener.isOpen;
    const isStuck = faults.stageStuckAt === "booting";
    if (life.stage === "booting" && this.containerRuntimeUp && servicesRun && !isStuck) {
      life.enter("running");
    } else {
      changes.emit("changed");
    }
  }

  private startCluster(firstBoot: boolean): void {
    const delayMs = this.node.faults.controlPlaneDelayMs;
    void this.node.cluster
      ?.start(this.node.configuredNode(), { firstBoot, delayMs })
      .then(() => this.settle());
  }
}
