import { apiProblem } from "./apiReachability";
import type { ContainerEnd } from "./ciliumCLIPods";
import type { ClusterFacts, NodeFacts } from "./clusterFacts";
import type { KubernetesApi } from "./kubernetesApi";
import { hasNetwork } from "./nodeNetwork";
import { type Pod, refusedCapabilities, roleOf } from "./pod";
import { PodRecord } from "./podRecord";
import { type ContainerFailure, podStatus, type PodProgress } from "./podStatus";
import { untilMounted } from "./podVolumes";
import { timestamp } from "./timestamp";
import { pause } from "./watchList";

/** What a container needs to start, and an init container to do its work, on a good day. */
const CONTAINER_START_MS = 50;
const INIT_CONTAINER_MS = 60;
/** How long after its start a probed container is found ready. */
const PROBE_MS = 200;
const JOB_MS = 500;
const RESTART_MS = 1_000;

export interface WorkerContext {
  api: KubernetesApi;
  facts: ClusterFacts;
  /** Cluster IP of the service `kubernetes`. */
  serviceIP: string;
  clusterEndpoint: string;
  podAddress(facts: NodeFacts, pod: Pod): string;
  /** Runs a pod of Cilium's CLI; of any other there is nothing to run. */
  runCLI(pod: Pod): Promise<ContainerEnd | undefined>;
  /** The pod gives the network of its node, or serves it no longer. */
  onReady(pod: Pod, host: NodeFacts): void;
  onRunning(pod: Pod, host: NodeFacts): void;
  /** A pod that ends does what it is there for. */
  onJob(pod: Pod): Promise<void>;
  onGone(pod: Pod, host: NodeFacts): void;
}

/** One pod on one virtual kubelet, from its binding to its deletion. */
export class PodWorker {
  private readonly stopped = new AbortController();
  private readonly startTime = timestamp();
  private podIP: string | undefined;
  private runningSince: string | undefined;
  private restartCount: number;
  private terminating = false;
  private gone = false;
  private readonly record: PodRecord;

  constructor(
    pod: Pod,
    private readonly host: NodeFacts,
    private readonly context: WorkerContext,
  ) {
    this.record = new PodRecord(pod, host.node.hostname, context.api, this.stopped.signal);
    const before = pod.status?.containerStatuses?.[0];
    // A pod that was running when its node went off starts again with it.
    this.restartCount = before === undefined ? 0 : before.restartCount + 1;
  }

  /** Plays the pod's life up to where it stays. Never rejects. */
  async run(): Promise<void> {
    try {
      await this.start();
    } catch {
      // The API server went away, or the pod did: the watch tells what comes next.
    }
  }

  /** The pod changed; a deletion ends it after a moment of grace. */
  update(pod: Pod): void {
    this.record.pod = pod;
    if (pod.metadata.deletionTimestamp !== undefined && !this.terminating) {
      this.terminating = true;
      void this.terminate();
    }
  }

  /** The pod is gone, or its node is: nothing more is written. */
  stop(): void {
    this.stopped.abort();
    this.sayGone();
  }

  private get pod(): Pod {
    return this.record.pod;
  }

  private sayGone(): void {
    if (!this.gone) {
      this.gone = true;
      this.context.onGone(this.pod, this.host);
    }
  }

  private async start(): Promise<void> {
    const { facts } = this.context;
    const { signal } = this.stopped;
    const spec = this.pod.spec;
    await this.write({ stage: "creating" });
    await untilMounted(this.record, this.context.api, signal);
    if (spec.hostNetwork === true) {
      this.podIP = this.host.node.address;
    } else {
      if (!(await facts.until(() => hasNetwork(this.host), signal))) return;
      this.podIP = this.context.podAddress(this.host, this.pod);
    }
    await this.untilImagesPulled();
    await this.untilInitialized();
    await pause(CONTAINER_START_MS, signal);
    await this.untilContainersStart();
    if (signal.aborted || this.terminating) {
      return;
    }
    this.runningSince = timestamp();
    this.context.onRunning(this.pod, this.host);
    await this.untilReady();
  }

  private async untilReady(): Promise<void> {
    const { facts } = this.context;
    const { signal } = this.stopped;
    const role = roleOf(this.pod);
    if (role === "cilium-agent") {
      const serves = () =>
        facts.ciliumCRDs && !facts.faults.agentNeverReady.includes(this.host.node.hostname);
      await this.write({ stage: "running", ready: false });
      if (!(await facts.until(serves, signal))) {
        return;
      }
    }
    if (["Never", "OnFailure"].includes(this.pod.spec.restartPolicy ?? "Always")) {
      await this.write({ stage: "running", ready: true });
      await this.untilDone();
      await this.write({ stage: "succeeded" });
      return;
    }
    await pause(PROBE_MS, signal);
    if (!signal.aborted && !this.terminating) {
      await this.write({ stage: "running", ready: true });
      this.context.onReady(this.pod, this.host);
    }
  }

  /** A command that ends. Only that of Cilium's CLI is run, and again where it failed. */
  private async untilDone(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      const end = await this.context.runCLI(this.pod);
      if (end === undefined) {
        await pause(JOB_MS, signal);
        await this.context.onJob(this.pod);
      }
      if (end === undefined || end.exitCode === 0) {
        return;
      }
      const container = this.pod.spec.containers[0]?.name ?? "";
      const { message, exitCode } = end;
      await this.write(this.crashed(container, message, exitCode));
      this.restartCount++;
      await pause(RESTART_MS, signal);
      await this.write({ stage: "running", ready: true });
    }
  }

  private async untilImagesPulled(): Promise<void> {
    const { facts } = this.context;
    const containers = [...(this.pod.spec.initContainers ?? []), ...this.pod.spec.containers];
    const refused = () =>
      containers.find(({ image }) =>
        facts.faults.imagePullBackOff.some((part) => image.includes(part)),
      );
    const container = refused();
    if (container === undefined) {
      return;
    }
    const message = `Back-off pulling image "${container.image}"`;
    this.record.warn("Failed", message);
    const failed: ContainerFailure = {
      container: container.name,
      waiting: "ImagePullBackOff",
      message,
    };
    await this.write(this.failedAt(container.name, failed));
    await facts.until(() => refused() === undefined, this.stopped.signal);
  }

  private async untilInitialized(): Promise<void> {
    const init = this.pod.spec.initContainers ?? [];
    if (init.length === 0) {
      return;
    }
    await this.write({ stage: "initializing" });
    const refused = init.find((container) => refusedCapabilities(container).length > 0);
    if (refused !== undefined) {
      await this.failForEver(refused.name);
    }
    await this.untilApiReached(init[0]?.name ?? "");
    await pause(INIT_CONTAINER_MS * init.length, this.stopped.signal);
  }

  private async untilContainersStart(): Promise<void> {
    const containers = this.pod.spec.containers;
    const refused = containers.find((container) => refusedCapabilities(container).length > 0);
    if (refused !== undefined) {
      await this.failForEver(refused.name);
    }
    if ((this.pod.spec.initContainers ?? []).length === 0) {
      await this.untilApiReached(containers[0]?.name ?? "");
    }
  }

  /** Cilium's own pods end with an error until the API server is where their configuration says. */
  private async untilApiReached(container: string): Promise<void> {
    const role = roleOf(this.pod);
    if (role !== "cilium-agent" && role !== "cilium-operator") {
      return;
    }
    const message = this.apiProblem();
    if (message === undefined) {
      return;
    }
    this.record.warn("BackOff", `Back-off restarting failed container ${container}`);
    await this.write(this.crashed(container, message, 1));
    await this.context.facts.until(() => this.apiProblem() === undefined, this.stopped.signal);
    this.restartCount++;
  }

  private apiProblem(): string | undefined {
    const nodes = [...this.context.facts.nodes.values()];
    return apiProblem(this.pod, {
      hostname: this.host.node.hostname,
      address: this.host.node.address,
      kubePrism: this.host.kubePrism,
      kubeProxyRuns: this.host.kubeProxyRuns,
      serviceIP: this.context.serviceIP,
      clusterEndpoint: this.context.clusterEndpoint,
      controlPlanes: nodes
        .filter(({ node }) => node.machineType === "controlplane")
        .map(({ node }) => node.address),
    });
  }

  private async failForEver(container: string): Promise<never> {
    const message =
      "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: unable to apply caps: operation not permitted";
    this.record.warn("Failed", `Error: ${message}`);
    await this.write(this.crashed(container, message, 128, "StartError"));
    throw new Error("this container can never start");
  }

  private crashed(
    container: string,
    message: string,
    exitCode: number,
    reason: ContainerFailure["reason"] = "Error",
  ): PodProgress {
    const waiting = "CrashLoopBackOff";
    return this.failedAt(container, { container, waiting, message, exitCode, reason });
  }

  private failedAt(container: string, failed: ContainerFailure): PodProgress {
    const isInit = (this.pod.spec.initContainers ?? []).some(({ name }) => name === container);
    return { stage: isInit ? "initializing" : "crashing", failed };
  }

  private async terminate(): Promise<void> {
    const grace = Math.min(this.pod.metadata.deletionGracePeriodSeconds ?? 30, 30);
    this.sayGone();
    await pause(grace === 0 ? 0 : CONTAINER_START_MS, this.stopped.signal);
    await this.record.remove();
    this.stopped.abort();
  }

  private write(progress: PodProgress): Promise<void> {
    if (this.stopped.signal.aborted || this.terminating) {
      return Promise.resolve();
    }
    const status = podStatus(
      this.pod,
      {
        progress,
        hostIP: this.host.node.address,
        podIP: this.podIP,
        startTime: this.startTime,
        now: timestamp(),
        restartCount: this.restartCount,
        ...(this.runningSince === undefined ? {} : { runningSince: this.runningSince }),
      },
      this.pod.status,
    );
    return this.record.writeStatus(status);
  }
}
