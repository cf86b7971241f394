import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import path from "node:path";
import { servicesOf } from "./apid";
import type { ClusterState, EtcdHost } from "./clusterState";
import type { ConfiguredNode } from "./clusterRuntime";
import {
  type Faults,
  MUTATING_RPCS,
  NO_FAULTS,
  RPC_NAMES,
  type RpcName,
  TRANSPORT_FAULTS,
} from "./faults";
import { Forwarder } from "./forwarder";
import {
  hostnameOf,
  type MachineConfiguration,
  parseMachineConfiguration,
} from "./machineConfiguration";
import { MachineEvents } from "./machineEvents";
import { NodeDisk } from "./nodeDisk";
import { type ListenerTLS, NodeListener } from "./nodeListener";
import type { NodeOptions, Stage, Surroundings } from "./nodeOptions";
import { configuredTLS, maintenanceTLS } from "./nodeTLS";
import { ResourceVersions } from "./resourceVersions";

/** Before half of its certificate's life, apid has a new one. */
const RENEW_CERTIFICATE_MS = 12 * 3_600_000;

/**
 * One simulated Talos machine: what it is doing, its disk, its port. `Machines` makes and connects
 * them; the methods of the Talos API are in `methods.ts`.
 */
export class SimulatedNode implements EtcdHost {
  /** Calls that reached this machine, by method; dry runs of ApplyConfiguration are left out. */
  readonly calls = Object.fromEntries(RPC_NAMES.map((rpc) => [rpc, 0])) as Record<RpcName, number>;
  readonly disk: NodeDisk;
  readonly events = new MachineEvents();
  readonly resourceVersions = new ResourceVersions();
  readonly bootedAt = new Date();
  readonly listener: NodeListener;
  readonly forwarder: Forwarder;
  /** Emits `changed` when what the node reports may have changed. */
  readonly changes = new EventEmitter().setMaxListeners(0);

  private currentStage: Stage = "off";
  private activeConfiguration: MachineConfiguration | undefined;
  private activeFaults: Faults = NO_FAULTS;
  private cutsLeft: Partial<Record<RpcName, number>> = {};
  private containerRuntimeUp = false;
  private kubeletJoined = false;
  private currentBootId = randomUUID();
  /** Counts power-ons: what an earlier life started must not act in this one. */
  private life = 0;
  private timers: NodeJS.Timeout[] = [];

  constructor(
    readonly options: NodeOptions,
    readonly surroundings: Surroundings,
  ) {
    this.disk = new NodeDisk(options.dir);
    this.forwarder = new Forwarder(() => this.activeConfiguration, surroundings.resolve);
    this.listener = new NodeListener(options.address, options.port, servicesOf(this));
  }

  get address(): string {
    return this.options.address;
  }

  get stage(): Stage {
    return this.currentStage;
  }

  get inMaintenance(): boolean {
    return this.activeConfiguration === undefined;
  }

  /** The configuration that is in force; a staged one is not. */
  get configuration(): MachineConfiguration | undefined {
    return this.activeConfiguration;
  }

  /** Name that the machine goes by; its address while it has no configuration. */
  get hostname(): string {
    return this.activeConfiguration === undefined
      ? this.address
      : hostnameOf(this.activeConfiguration, this.address, this.disk.nodeIdentity);
  }

  get talosVersion(): string {
    return this.disk.talosVersion ?? this.options.talosVersion;
  }

  get bootId(): string {
    return this.currentBootId;
  }

  get isContainerRuntimeUp(): boolean {
    return this.containerRuntimeUp;
  }

  get hasJoined(): boolean {
    return this.kubeletJoined;
  }

  get isControlPlane(): boolean {
    return this.activeConfiguration?.machineType === "controlplane";
  }

  /** The cluster that the machine belongs to; undefined in maintenance. */
  get cluster(): ClusterState | undefined {
    return this.activeConfiguration === undefined
      ? undefined
      : this.surroundings.clusterOf(this.activeConfiguration);
  }

  get hasEtcdData(): boolean {
    return this.disk.etcdData;
  }

  get runsEtcd(): boolean {
    return this.disk.etcdData && this.isControlPlane && this.isUp;
  }

  /** Sum of the calls that change a machine. */
  get mutatingCalls(): number {
    return MUTATING_RPCS.reduce((sum, rpc) => sum + this.calls[rpc], 0);
  }

  get faults(): Faults {
    return this.activeFaults;
  }

  /** Switches faults; what is not named stays. Resolves when the port behaves accordingly. */
  async setFaults(faults: Partial<Faults>): Promise<void> {
    const before = this.activeFaults;
    this.activeFaults = { ...before, ...faults };
    if (faults.cutBeforeReply !== undefined) {
      this.cutsLeft = { ...faults.cutBeforeReply };
    }
    if (TRANSPORT_FAULTS.some((fault) => before[fault] !== this.activeFaults[fault])) {
      this.listener.reset();
      this.forwarder.close();
      await this.openPort();
    }
    this.settle();
  }

  /** All is well again. */
  clearFaults(): Promise<void> {
    this.cutsLeft = {};
    return this.setFaults(NO_FAULTS);
  }

  /** Whether the reply of this call is to be lost; counts the loss. */
  cutsReply(rpc: RpcName): boolean {
    const left = this.cutsLeft[rpc] ?? 0;
    this.cutsLeft[rpc] = Math.max(0, left - 1);
    return left > 0;
  }

  isLocalTarget(target: string): boolean {
    return target === this.address || target === this.hostname;
  }

  /** Switches the machine on with what its disk holds. No effect on one that is on. */
  async powerOn(): Promise<void> {
    if (this.currentStage === "off") {
      await this.boot();
    }
  }

  /** Pulls the plug: connections are reset, the disk stays. */
  async powerOff(): Promise<void> {
    this.listener.reset();
    await this.goDown("off");
  }

  /** Goes down and up again at once: connections are reset, the port is closed for `rebootMs`. */
  async reboot(): Promise<void> {
    this.listener.reset();
    await this.restart("rebooting", this.options.timings.rebootMs);
  }

  /**
   * Goes down because a call asked for it, and comes up again. Replies and events under way leave
   * first. `whileDown` is what the machine does in between.
   */
  async restart(
    stage: "installing" | "rebooting" | "upgrading" | "resetting",
    ms: number,
    whileDown: () => void = () => undefined,
  ): Promise<void> {
    const closing = this.listener.close();
    const life = await this.goDown(stage);
    await closing;
    await this.after(ms, life, () => {
      whileDown();
      return this.boot();
    });
  }

  /** Resets the machine: wipes, and then reboots or stays off. */
  async wipe(options: { state: boolean; ephemeral: boolean; reboot: boolean }): Promise<void> {
    if (options.reboot) {
      const { rebootMs } = this.options.timings;
      await this.restart("resetting", rebootMs, () => this.disk.wipe(options));
      return;
    }
    const closing = this.listener.close();
    this.disk.wipe(options);
    await this.goDown("off");
    await closing;
  }

  /** Puts a configuration in force without a reboot. */
  async activate(configuration: MachineConfiguration): Promise<void> {
    const previous = this.activeConfiguration;
    this.activeConfiguration = configuration;
    const samePKI =
      JSON.stringify([previous?.ca.crt, previous?.acceptedCAs, previous?.certSANs]) ===
      JSON.stringify([configuration.ca.crt, configuration.acceptedCAs, configuration.certSANs]);
    if (!samePKI) {
      this.forwarder.close();
      await this.openPort();
    }
    await this.cluster?.update(this.configuredNode());
    this.surroundings.changed();
    this.changes.emit("changed");
  }

  /** Bootstrap was accepted: etcd has data from here on, whatever happens next. */
  bootstrap(): void {
    this.disk.etcdData = true;
    void this.cluster
      ?.start(this.configuredNode(), {
        firstBoot: true,
        delayMs: this.activeFaults.controlPlaneDelayMs,
      })
      .then(() => this.settle());
  }

  /** The cluster was bootstrapped, here or elsewhere. */
  joinEtcd(): void {
    if (this.isControlPlane && this.containerRuntimeUp) {
      if (!this.disk.etcdData) {
        this.disk.etcdData = true;
      }
      this.settle();
    }
  }

  /** Runs `action` after `ms`, unless the machine went down in between. */
  schedule(ms: number, action: () => void): void {
    this.timers.push(setTimeout(action, ms).unref());
  }

  /** Another node changed: a worker may have found its control plane. */
  async surroundingsChanged(): Promise<void> {
    if (this.isUp && !this.listener.isOpen && !this.activeFaults.portClosed) {
      await this.openPort();
      this.settle();
    }
  }

  configuredNode(): ConfiguredNode {
    const { machineType, text } = this.activeConfiguration as MachineConfiguration;
    return {
      hostname: this.hostname,
      address: this.address,
      machineType,
      machineConfiguration: text,
      dir: path.resolve(this.options.dir),
    };
  }

  private get isUp(): boolean {
    return this.currentStage === "booting" || this.currentStage === "running";
  }

  private setStage(stage: Stage): void {
    if (this.currentStage === stage) {
      return;
    }
    this.currentStage = stage;
    if (stage !== "off") {
      this.events.publish({
        kind: "MachineStatusEvent",
        stage: stage.toUpperCase(),
        status: { ready: stage === "running", unmetConditions: [] },
      });
    }
    this.surroundings.log(`${this.hostname}: ${stage}`);
    this.changes.emit("changed");
  }

  private async boot(): Promise<void> {
    const life = ++this.life;
    this.currentBootId = randomUUID();
    const stored = this.disk.machineConfiguration;
    this.activeConfiguration = stored === undefined ? undefined : parseMachineConfiguration(stored);
    if (this.activeConfiguration === undefined) {
      this.setStage("maintenance");
      await this.openPort();
      return;
    }
    this.setStage("booting");
    this.surroundings.clusterOf(this.activeConfiguration).addHost(this);
    await this.openPort();
    await this.after(this.options.timings.bootMs, life, () => this.startServices(life));
  }

  /** Talos' `startEverything`: the container runtime, etcd on control planes, the kubelet. */
  private startServices(life: number): void {
    const cluster = this.cluster;
    if (cluster === undefined) {
      return;
    }
    this.containerRuntimeUp = true;
    if (this.isControlPlane && (this.disk.etcdData || cluster.isBootstrapped)) {
      this.disk.etcdData = true;
      void cluster
        .start(this.configuredNode(), {
          firstBoot: false,
          delayMs: this.activeFaults.controlPlaneDelayMs,
        })
        .then(() => this.settle());
    }
    if (!this.activeFaults.kubeletNeverRegisters) {
      void cluster.join(this.configuredNode()).then(() => {
        if (life === this.life) {
          this.kubeletJoined = true;
          this.settle();
        }
      });
    }
    this.schedule(this.options.timings.bootTimeoutMs, () => {
      if (this.currentStage === "booting" && this.isControlPlane && !this.disk.etcdData) {
        void this.reboot();
      }
    });
    this.settle();
    this.surroundings.changed();
  }

  /** A boot is over when its services are: then the machine is running. */
  private settle(): void {
    if (
      this.currentStage === "booting" &&
      this.containerRuntimeUp &&
      this.activeFaults.stageStuckAt !== "booting" &&
      (this.isControlPlane
        ? this.disk.etcdData && this.activeFaults.etcd !== "unhealthy"
        : this.kubeletJoined && this.listener.isOpen)
    ) {
      this.setStage("running");
    } else {
      this.changes.emit("changed");
    }
  }

  private async goDown(stage: Stage): Promise<number> {
    const life = ++this.life;
    const wasUp = this.isUp;
    const { cluster, hostname } = this;
    this.timers.forEach(clearTimeout);
    this.timers = [];
    this.containerRuntimeUp = false;
    this.kubeletJoined = false;
    this.forwarder.close();
    this.setStage(stage);
    if (wasUp && cluster !== undefined) {
      await cluster.leave(hostname);
    }
    return life;
  }

  private async after(ms: number, life: number, action: () => unknown): Promise<void> {
    if (ms > 0) {
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
    if (life === this.life) {
      await action();
    }
  }

  private async openPort(): Promise<void> {
    const { life, configuration } = this;
    if (this.activeFaults.portClosed || !(this.isUp || this.currentStage === "maintenance")) {
      return;
    }
    const tls = await this.tls();
    if (life !== this.life) {
      return;
    }
    if (tls === "none") {
      this.listener.reset();
      return;
    }
    await this.listener.open(tls === "silent" ? undefined : tls, this.surroundings.addresses);
    if (configuration !== undefined) {
      this.schedule(RENEW_CERTIFICATE_MS, () => void this.openPort());
      this.surroundings.changed();
    }
  }

  /** How the port is to speak: not at all, silently, or with a certificate. */
  private async tls(): Promise<ListenerTLS | "none" | "silent"> {
    const { configuration, hostname, address, faults } = this;
    if (faults.blackHole) {
      return "silent";
    }
    if (configuration === undefined) {
      return maintenanceTLS(address);
    }
    // As a real worker: no certificate, no port, until a control plane's trustd signs one.
    const signer = this.isControlPlane ? configuration : this.surroundings.trustdFor(configuration);
    return signer === undefined
      ? "none"
      : configuredTLS({ configuration, hostname, address }, signer, faults);
  }
}
