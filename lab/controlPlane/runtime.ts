import type { ClusterRuntime, ConfiguredNode, EtcdMember } from "../nodes/clusterRuntime";
import { CiliumCLIPods } from "./ciliumCLIPods";
import { isFromOutside, type MutatingRequest, readAuditLog } from "./auditLog";
import { CiliumOperatorStandIn } from "./ciliumOperatorStandIn";
import { ClusterFacts } from "./clusterFacts";
import { clusterSettings, type ClusterSettings } from "./clusterSettings";
import { type ControlPlaneBinaries, ControlPlaneProcesses } from "./controlPlaneProcesses";
import { etcdMembersOf } from "./etcdMembers";
import type { ClusterFaults } from "./faults";
import { KubernetesApi } from "./kubernetesApi";
import { ManifestController } from "./manifestController";
import { kubeconfigOf } from "./pki";
import { type NodeNetwork, nodeNetworks } from "./nodeNetwork";
import { VirtualKubelets } from "./virtualKubelets";

export interface RuntimeOptions {
  /** Absolute folder for etcd's data, the PKI and logs. Made when missing; keys lie in it. */
  dir: string;
  binaries: ControlPlaneBinaries;
  /** Helm's path, for pods that install by it. @default the one on PATH */
  helm?: string;
  /** One line for everything that a watcher may want to know; never a secret. */
  onEvent?: (message: string) => void;
}

/** The Kubernetes cluster of one lab: real processes, virtual kubelets, Talos' own manifests. */
export interface LabClusterRuntime extends ClusterRuntime {
  /** Admin kubeconfig signed by the cluster's CA; undefined while nothing runs. A secret. */
  kubeconfig(): string | undefined;
  /** Resolves true when `/readyz` answers ok; false when the cluster was stopped before. */
  untilReady(): Promise<boolean>;
  /** Switches faults; the stand-ins look again at once. */
  setFaults(faults: Partial<ClusterFaults>): void;
  /** How many requests from outside, at or after `since`, changed something in the cluster. */
  mutatingRequests(since?: Date): Promise<number>;
  /** The pod network of each node; none before the cluster runs. */
  networks(): NodeNetwork[];
  /** Calls at every change that somebody may wait for. @returns what ends it */
  onChange(listener: () => void): () => void;
  /** All recorded requests that changed something, those of the cluster's own parts included. */
  auditedRequests(since?: Date): Promise<MutatingRequest[]>;
  /** Process ids of etcd and the control plane. */
  readonly pids: number[];
}

/** Makes the runtime; nothing runs before {@link ClusterRuntime.start}. */
export function createClusterRuntime(options: RuntimeOptions): LabClusterRuntime {
  return new Runtime(options);
}

/** What runs between start and stop. */
interface Running {
  settings: ClusterSettings;
  processes: ControlPlaneProcesses;
  apis: KubernetesApi[];
  ready: Promise<boolean>;
  /** The API server answers; nodes that join before wait for it. */
  serves: boolean;
  kubelets: VirtualKubelets;
  manifests: ManifestController;
  operator: CiliumOperatorStandIn;
}

class Runtime implements LabClusterRuntime {
  private running: Running | undefined;
  private starting: Promise<void> | undefined;
  private facts = new ClusterFacts();
  private readonly nodes = new Map<string, ConfiguredNode>();

  constructor(private readonly options: RuntimeOptions) {}

  start(node: ConfiguredNode, { firstBoot }: { firstBoot: boolean }): Promise<void> {
    this.starting ??= this.startNow(node, firstBoot).catch((error: unknown) => {
      this.starting = undefined;
      throw error;
    });
    return this.starting;
  }

  join(node: ConfiguredNode): Promise<void> {
    this.nodes.set(node.hostname, node);
    if (this.running?.serves === true) {
      this.running.kubelets.join(node);
    }
    return Promise.resolve();
  }

  async update(node: ConfiguredNode): Promise<void> {
    this.nodes.set(node.hostname, node);
    if (this.running?.serves === true) {
      this.running.kubelets.update(node);
      if (node.machineType === "controlplane") {
        const settings = clusterSettings(node);
        this.running.manifests.reconcile(settings);
        await this.running.processes.update(settings, node);
      }
    }
  }

  leave(hostname: string): Promise<void> {
    this.nodes.delete(hostname);
    this.running?.kubelets.leave(hostname);
    return Promise.resolve();
  }

  etcdMembers(): Promise<EtcdMember[]> {
    const controlPlanes = [...this.nodes.values()].filter(
      ({ machineType }) => machineType === "controlplane",
    );
    return Promise.resolve(this.running === undefined ? [] : etcdMembersOf(controlPlanes));
  }

  async stop(): Promise<void> {
    await this.starting?.catch(() => undefined);
    const { running } = this;
    this.running = undefined;
    this.starting = undefined;
    if (running !== undefined) {
      running.operator.stop();
      running.kubelets.stop();
      const stopping = running.manifests.stop();
      await running.processes.stop();
      await stopping;
      running.apis.forEach((api) => api.close());
    }
    const { faults } = this.facts;
    this.facts = new ClusterFacts();
    Object.assign(this.facts.faults, faults);
  }

  kubeconfig(): string | undefined {
    return this.running === undefined
      ? undefined
      : kubeconfigOf(this.running.processes.pki.admin, this.running.settings.clusterName);
  }

  async untilReady(): Promise<boolean> {
    await this.starting;
    return this.running?.ready ?? false;
  }

  setFaults(faults: Partial<ClusterFaults>): void {
    Object.assign(this.facts.faults, faults);
    this.facts.changed();
  }

  async mutatingRequests(since?: Date): Promise<number> {
    return (await this.auditedRequests(since)).filter(isFromOutside).length;
  }

  async auditedRequests(since?: Date): Promise<MutatingRequest[]> {
    return this.running === undefined ? [] : readAuditLog(this.running.processes.auditLog, since);
  }

  networks(): NodeNetwork[] {
    return nodeNetworks([...this.facts.nodes.values()]);
  }

  onChange(listener: () => void): () => void {
    return this.facts.onChange(listener);
  }

  get pids(): number[] {
    return this.running?.processes.pids ?? [];
  }

  private async startNow(node: ConfiguredNode, firstBoot: boolean): Promise<void> {
    const onEvent = this.options.onEvent ?? (() => undefined);
    const settings = clusterSettings(node);
    const processes = await ControlPlaneProcesses.start({
      dir: this.options.dir,
      binaries: this.options.binaries,
      settings,
      node,
      keepData: !firstBoot,
      onEvent,
    });
    const { pki } = processes;
    const [kubelets, talos, operator] = [
      new KubernetesApi(pki.kubelets, "kubelet (virtual)"),
      new KubernetesApi(pki.talosAdmin, "talos (simulated)"),
      new KubernetesApi(pki.operator, "cilium-operator (stand-in)"),
    ] as const;
    const { server, ca } = pki.talosAdmin;
    const cli = new CiliumCLIPods({ api: talos, server, ca, helm: this.options.helm, onEvent });
    const running: Running = {
      settings,
      processes,
      apis: [kubelets, talos, operator],
      ready: processes.untilReady(talos),
      serves: false,
      kubelets: new VirtualKubelets(kubelets, this.facts, settings, onEvent, (pod) => cli.run(pod)),
      manifests: new ManifestController(talos, onEvent),
      operator: new CiliumOperatorStandIn(operator, this.facts, onEvent),
    };
    this.running = running;
    void running.ready.then((isReady) => {
      if (isReady && this.running === running) {
        running.serves = true;
        processes.startControllers();
        onEvent(`the API server serves on ${processes.place.address}:${processes.place.port}`);
        running.manifests.reconcile(settings);
        running.kubelets.start();
        for (const each of this.nodes.values()) {
          running.kubelets.join(each);
        }
      }
    });
  }
}
