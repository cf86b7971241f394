/** A machine whose configuration is complete, as the cluster that runs on it sees it. */
export interface ConfiguredNode {
  /** Hostname from the machine configuration, else Talos' stable one. Name of the Kubernetes Node. */
  hostname: string;
  /** The node's loopback address. */
  address: string;
  machineType: "controlplane" | "worker";
  /** The applied machine configuration, all documents, YAML. Carries keys: never log it. */
  machineConfiguration: string;
  /** Absolute folder of the node; the runtime may keep its data in a folder of its own under it. */
  dir: string;
}

/** A member of etcd in the words of `machine.EtcdMember`. */
export interface EtcdMember {
  /** uint64 in decimal: it does not fit a JavaScript number. */
  id: string;
  hostname: string;
  peerUrls: string[];
  clientUrls: string[];
  isLearner: boolean;
}

/** The Kubernetes cluster that the simulated machines run. Nodes know nothing else of it. */
export interface ClusterRuntime {
  /**
   * Starts etcd and the control plane with the PKI of this control-plane configuration.
   * Resolves when the processes run; the API server may not serve yet.
   * With `firstBoot` false (a machine that was bootstrapped powers on) etcd data is kept.
   */
  start(node: ConfiguredNode, options: { firstBoot: boolean }): Promise<void>;
  /**
   * A configured node boots: its kubelet registers, retrying until the API serves, so this resolves
   * before the node is known to Kubernetes. Control planes also join etcd.
   */
  join(node: ConfiguredNode): Promise<void>;
  /** The configuration of a running node changed. */
  update(node: ConfiguredNode): Promise<void>;
  /** The node is off, was reset or reboots: its kubelet stops. */
  leave(hostname: string): Promise<void>;
  /** Empty while etcd does not run. */
  etcdMembers(): Promise<EtcdMember[]>;
  /** Stops all processes; data stay. */
  stop(): Promise<void>;
}
