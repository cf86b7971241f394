import type { ConfiguredNode } from "../nodes/clusterRuntime";
import { addressAt } from "./addresses";
import { playCertgen } from "./certgenStandIn";
import type { ClusterFacts, NodeFacts } from "./clusterFacts";
import { type ClusterSettings, configurationTrees, kubePrismOf } from "./clusterSettings";
import type { KubernetesApi } from "./kubernetesApi";
import { makeMirrorPods } from "./mirrorPods";
import { readCNIMarker, writeCNIMarker } from "./cniMarker";
import { isCNI, noteReadyCNI, untilAgentSettings } from "./nodeNetwork";
import { type NodeResource, registerNode, writeTalosIdentity } from "./nodeRegistration";
import { NodeStatuses } from "./nodeStatuses";
import { type Pod, roleOf } from "./pod";
import { PodAddresses } from "./podAddresses";
import { PodWorker, type WorkerContext } from "./podWorker";
import { requestServingCertificate } from "./servingCertificate";
import { pause, watchList } from "./watchList";

const HEARTBEAT_MS = 10_000;
const RETRY_MS = 300;
/** Talos goes on trying. */
const REFUSED_RETRY_MS = 5_000;

/** All kubelets of a lab: one watch on pods and one on nodes serve them together. */
export class VirtualKubelets {
  private readonly stopped = new AbortController();
  private readonly pods = new Map<string, Pod>();
  private readonly workers = new Map<string, { worker: PodWorker; hostname: string }>();
  private readonly joins = new Map<string, AbortController>();
  private readonly registered = new Set<string>();
  private readonly refusals = new Set<string>();
  /** What agents read when they started, by their pods. */
  private readonly agentSettings = new Map<string, Promise<Record<string, string>>>();
  private readonly context: WorkerContext;
  private readonly statuses: NodeStatuses;
  private heartbeat: NodeJS.Timeout | undefined;
  private readonly addresses = new PodAddresses();

  constructor(
    private readonly api: KubernetesApi,
    private readonly facts: ClusterFacts,
    private readonly settings: ClusterSettings,
    private readonly onEvent: (message: string) => void,
    runCLI: WorkerContext["runCLI"] = () => Promise.resolve(undefined),
  ) {
    this.statuses = new NodeStatuses(api, facts, this.stopped.signal);
    this.context = {
      runCLI,
      api,
      facts,
      serviceIP: addressAt(settings.serviceSubnets[0] ?? "10.96.0.0/12", 1),
      clusterEndpoint: settings.endpoint,
      podAddress: (host, pod) => this.addresses.give(host, pod, this.pods.values()),
      onReady: (pod, host) => void this.onReady(pod, host),
      onRunning: (pod, host) => this.onRunning(pod, host),
      onGone: (pod, host) => this.onGone(pod, host),
      onJob: (pod) => playCertgen(api, pod),
    };
  }

  /** Begins to watch; call it when the API server serves. */
  start(): void {
    const { signal } = this.stopped;
    const bound = "/api/v1/pods?fieldSelector=spec.nodeName%21%3D";
    void watchList<Pod>(this.api, bound, (pod, gone) => this.onPod(pod, gone), signal);
    void watchList<NodeResource>(
      this.api,
      "/api/v1/nodes",
      (node, gone) => this.onNode(node, gone),
      signal,
    );
    this.heartbeat = setInterval(() => void this.beat(), HEARTBEAT_MS);
  }

  /** A machine boots: its node is registered, its pods start. */
  join(node: ConfiguredNode): void {
    const host: NodeFacts = {
      node,
      kubePrism: kubePrismOf(configurationTrees(node).machine),
      cni: readCNIMarker(node),
      runningCNIs: new Set(),
      podCIDR: this.facts.nodes.get(node.hostname)?.podCIDR,
      ...{ ciliumAgent: undefined, ciliumPool: undefined, kubeProxyRuns: false },
      isReady: this.statuses.isReady(node.hostname),
    };
    this.facts.nodes.set(node.hostname, host);
    this.registerUntilDone(host);
  }

  /** The machine's configuration changed: labels, taints and annotations follow. */
  update(node: ConfiguredNode): void {
    const host = this.facts.nodes.get(node.hostname);
    if (host === undefined) {
      this.join(node);
      return;
    }
    host.node = node;
    host.kubePrism = kubePrismOf(configurationTrees(node).machine);
    this.registerUntilDone(host);
    this.facts.changed();
  }

  /** The machine is off: nothing of it is written any more, the Node stays and goes stale. */
  leave(hostname: string): void {
    this.joins.get(hostname)?.abort();
    this.joins.delete(hostname);
    this.registered.delete(hostname);
    for (const [uid, entry] of [...this.workers]) {
      if (entry.hostname === hostname) {
        this.workers.delete(uid);
        entry.worker.stop();
      }
    }
    this.facts.nodes.delete(hostname);
    this.facts.changed();
  }

  stop(): void {
    clearInterval(this.heartbeat);
    this.stopped.abort();
    for (const hostname of [...this.facts.nodes.keys()]) {
      this.leave(hostname);
    }
  }

  private registerUntilDone(host: NodeFacts): void {
    const { hostname } = host.node;
    this.joins.get(hostname)?.abort();
    const join = new AbortController();
    this.joins.set(hostname, join);
    const signal = AbortSignal.any([join.signal, this.stopped.signal]);
    void (async () => {
      while (!signal.aborted) {
        try {
          const node = await registerNode(this.api, host);
          if (signal.aborted) {
            return;
          }
          if (!this.registered.has(hostname)) {
            this.registered.add(hostname);
            this.onEvent(`${hostname} registered with Kubernetes`);
          }
          const refusal = await writeTalosIdentity(this.api, host.node);
          this.startPodsOf(hostname);
          await makeMirrorPods(this.api, this.settings, host.node, node.metadata.uid ?? "");
          await requestServingCertificate(this.api, host.node);
          if (refusal === undefined) {
            return;
          }
          this.tellRefused(hostname, refusal);
          await pause(REFUSED_RETRY_MS, signal);
        } catch {
          // The API server does not serve yet.
          await pause(RETRY_MS, signal);
        }
      }
    })();
  }

  /** Once for each reason: it comes again with every try. */
  private tellRefused(hostname: string, refusal: string): void {
    const message = `${hostname} cannot write its labels and taints: ${refusal}`;
    if (!this.refusals.has(message)) {
      this.refusals.add(message);
      this.onEvent(message);
    }
  }

  private onPod(pod: Pod, gone: boolean): void {
    const uid = pod.metadata.uid ?? "";
    const entry = this.workers.get(uid);
    if (gone) {
      this.pods.delete(uid);
      this.workers.delete(uid);
      entry?.worker.stop();
      return;
    }
    this.pods.set(uid, pod);
    if (entry === undefined) {
      this.startPod(pod);
    } else {
      entry.worker.update(pod);
    }
  }

  private startPodsOf(hostname: string): void {
    for (const pod of this.pods.values()) {
      if (pod.spec.nodeName === hostname && !this.workers.has(pod.metadata.uid ?? "")) {
        this.startPod(pod);
      }
    }
  }

  private startPod(pod: Pod): void {
    const hostname = pod.spec.nodeName ?? "";
    const host = this.facts.nodes.get(hostname);
    const isOver = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
    const isDeleted = pod.metadata.deletionTimestamp !== undefined;
    if (host === undefined || !this.registered.has(hostname) || (isOver && !isDeleted)) {
      return;
    }
    const worker = new PodWorker(pod, host, this.context);
    this.workers.set(pod.metadata.uid ?? "", { worker, hostname });
    if (roleOf(pod) === "cilium-agent") {
      const settings = untilAgentSettings(this.api, hostname, this.stopped.signal);
      this.agentSettings.set(pod.metadata.uid ?? "", settings);
      host.ciliumAgent ??= "scheduled";
      this.facts.changed();
    }
    if (isDeleted) {
      worker.update(pod);
    } else {
      void worker.run();
    }
  }

  private onNode(node: NodeResource, gone: boolean): void {
    const hostname = node.metadata.name;
    if (gone) {
      this.statuses.forget(hostname);
      return;
    }
    this.statuses.note(node);
    const host = this.facts.nodes.get(hostname);
    if (host === undefined) {
      return;
    }
    host.isReady = this.statuses.isReady(hostname);
    if (host.podCIDR === undefined && node.spec.podCIDR !== undefined) {
      host.podCIDR = node.spec.podCIDR;
      this.facts.changed();
    }
  }

  private onRunning(pod: Pod, host: NodeFacts): void {
    const role = roleOf(pod);
    if (role === "kube-proxy") {
      host.kubeProxyRuns = true;
    } else if (role === "cilium-operator") {
      this.facts.operatorPods.add(pod.metadata.uid ?? "");
    }
    this.facts.changed();
  }

  private async onReady(pod: Pod, host: NodeFacts): Promise<void> {
    const role = roleOf(pod);
    if (!isCNI(role)) return;
    const settings = (await this.agentSettings.get(pod.metadata.uid ?? "")) ?? {};
    if (!this.workers.has(pod.metadata.uid ?? "")) return;
    const before = host.cni;
    noteReadyCNI(host, role, settings);
    void writeCNIMarker(host.node, host.cni);
    if (before === undefined && host.cni !== undefined) {
      void this.statuses.write(host).then((isWritten) => {
        if (isWritten) this.onEvent(`${host.node.hostname} is Ready`);
      });
    }
    this.facts.changed();
  }

  private onGone(pod: Pod, host: NodeFacts): void {
    this.addresses.takeBack(pod);
    this.agentSettings.delete(pod.metadata.uid ?? "");
    const role = roleOf(pod);
    switch (role) {
      case "cilium-agent":
        host.ciliumAgent = undefined;
        host.runningCNIs.delete(role);
        break;
      case "flannel":
      case "cni":
        host.runningCNIs.delete(role);
        break;
      case "kube-proxy":
        host.kubeProxyRuns = false;
        break;
      case "cilium-operator":
        this.facts.operatorPods.delete(pod.metadata.uid ?? "");
        break;
      default:
        return;
    }
    this.facts.changed();
  }

  private async beat(): Promise<void> {
    for (const hostname of [...this.registered]) await this.statuses.beat(hostname);
  }
}
