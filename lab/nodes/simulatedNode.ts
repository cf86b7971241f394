import { EventEmitter } from "node:events";
import path from "node:path";
import { servicesOf } from "./apid";
import type { ClusterState } from "./clusterState";
import type { ConfiguredNode } from "./clusterRuntime";
import { type Faults, MUTATING_RPCS, NO_FAULTS, RPC_NAMES, type RpcName } from "./faults";
import { FaultSwitches } from "./faultSwitches";
import { Forwarder } from "./forwarder";
import {
  hostnameOf,
  type MachineConfiguration,
  parseMachineConfiguration,
} from "./machineConfiguration";
import { MachineEvents } from "./machineEvents";
import { MachineLife } from "./machineLife";
import { NodeDisk } from "./nodeDisk";
import { NodeListener } from "./nodeListener";
import { NodeServices } from "./nodeServices";
import type { NodeOptions, Stage, Surroundings } from "./nodeOptions";
import { RENEW_CERTIFICATE_MS, tlsOf } from "./nodeTLS";
import { ResourceVersions } from "./resourceVersions";

/**
 * One simulated Talos machine. `Machines` makes and connects them; the methods of the Talos API are
 * in `methods/`.
 */
export class SimulatedNode {
  /** Calls that reached this machine, by method; dry runs of ApplyConfiguration are left out. */
  readonly calls = Object.fromEntries(RPC_NAMES.map((rpc) => [rpc, 0])) as Record<RpcName, number>;
  readonly life: MachineLife;
  readonly disk: NodeDisk;
  readonly events = new MachineEvents();
  readonly resourceVersions = new ResourceVersions();
  readonly madeAt = new Date();
  readonly services = new NodeServices(this);
  readonly listener: NodeListener;
  readonly forwarder: Forwarder;
  /** Emits `changed` when what the node reports may have changed. */
  readonly changes = new EventEmitter().setMaxListeners(0);

  private activeConfiguration: MachineConfiguration | undefined;
  private readonly switches = new FaultSwitches();
  private hostOf: ClusterState | undefined;

  constructor(
    readonly options: NodeOptions,
    readonly surroundings: Surroundings,
  ) {
    this.disk = new NodeDisk(options.dir);
    this.life = new MachineLife((stage) => this.stageChanged(stage));
    this.forwarder = new Forwarder(() => this.activeConfiguration, surroundings.resolve);
    this.listener = new NodeListener(options.address, options.port, servicesOf(this));
  }

  get address(): string {
    return this.options.address;
  }

  get stage(): Stage {
    return this.life.stage;
  }

  /** The configuration that is in force; a staged one is not. */
  get configuration(): MachineConfiguration | undefined {
    return this.activeConfiguration;
  }

  get inMaintenance(): boolean {
    return this.activeConfiguration === undefined;
  }

  get isControlPlane(): boolean {
    return this.activeConfiguration?.machineType === "controlplane";
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

  /** The cluster that the machine belongs to; undefined in maintenance. */
  get cluster(): ClusterState | undefined {
    return this.activeConfiguration && this.surroundings.clusterOf(this.activeConfiguration);
  }

  /** Sum of the calls that change a machine, refused ones included. */
  get mutatingCalls(): number {
    return MUTATING_RPCS.reduce((sum, rpc) => sum + this.calls[rpc], 0);
  }

  get faults(): Faults {
    return this.switches.current;
  }

  /** Switches faults; what is not named stays. Resolves when the port behaves accordingly. */
  async setFaults(faults: Partial<Faults>): Promise<void> {
    if (this.switches.set(faults)) {
      this.listener.reset();
      this.forwarder.close();
      await this.openPort();
    }
    this.services.settle();
  }

  /** All is well again. */
  clearFaults(): Promise<void> {
    return this.setFaults(NO_FAULTS);
  }

  /** Whether the reply of this call is to be lost; counts the loss. */
  cutsReply(rpc: RpcName): boolean {
    return this.switches.cutsReply(rpc);
  }

  isLocalTarget(target: string): boolean {
    return target === this.address || target === this.hostname;
  }

  /**
   * Switches the machine on with what its disk holds. No effect on one that is on.
   * @throws when its port cannot be opened.
   */
  async powerOn(): Promise<void> {
    if (this.life.stage === "off") {
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
    await this.restart("rebooting");
  }

  /**
   * Goes down because a call asked for it, and comes up again unless it is to stay off. Replies and
   * events under way leave first. `whileDown` is what happens to its disk in between.
   */
  restartAfterReply(
    stage: "installing" | "rebooting" | "upgrading" | "resetting",
    whileDown?: () => void,
    staysOff = false,
  ): void {
    setImmediate(() => this.inBackground(this.restart(stage, whileDown, staysOff)));
  }

  /** Puts a configuration in force without a reboot. */
  async activate(configuration: MachineConfiguration): Promise<void> {
    const pki = (of: MachineConfiguration | undefined) =>
      JSON.stringify([of?.ca.crt, of?.acceptedCAs, of?.certSANs]);
    const changesPKI = pki(this.activeConfiguration) !== pki(configuration);
    this.activeConfiguration = configuration;
    if (changesPKI) {
      this.forwarder.close();
      await this.openPort();
    }
    await this.cluster?.update(this.configuredNode());
    this.surroundings.changed();
    this.changes.emit("changed");
  }

  /** Another node changed: a worker may have found its control plane. */
  async surroundingsChanged(): Promise<void> {
    if (this.life.isUp && !this.listener.isOpen && !this.faults.portClosed) {
      await this.openPort();
      this.services.settle();
    }
  }

  /** For what nobody waits for: a failure is logged, not thrown. */
  inBackground(action: Promise<unknown>): void {
    action.catch((error: Error) => this.surroundings.log(`${this.hostname}: ${error.message}`));
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

  private stageChanged(stage: Stage): void {
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
    this.life.begin();
    const lasts = this.life.watch();
    const stored = this.disk.machineConfiguration;
    this.activeConfiguration = stored === undefined ? undefined : parseMachineConfiguration(stored);
    if (this.hostOf !== this.cluster) {
      this.hostOf?.removeHost(this.services);
      this.hostOf = this.cluster;
      this.hostOf?.addHost(this.services);
    }
    this.life.enter(this.inMaintenance ? "maintenance" : "booting");
    await this.openPort();
    if (!this.inMaintenance && lasts() && (await this.life.pause(this.options.timings.bootMs))) {
      this.services.start();
      this.surroundings.changed();
    }
  }

  private async restart(
    stage: "installing" | "rebooting" | "upgrading" | "resetting",
    whileDown: () => void = () => undefined,
    staysOff = false,
  ): Promise<void> {
    const { installMs, rebootMs } = this.options.timings;
    const closing = this.listener.close();
    await this.goDown(stage);
    const lasts = this.life.watch();
    await closing;
    if (lasts() && (await this.life.pause(stage === "installing" ? installMs : rebootMs))) {
      whileDown();
      await (staysOff ? this.goDown("off") : this.boot());
    }
  }

  private async goDown(stage: Stage): Promise<void> {
    const left = this.life.isUp ? this.cluster : undefined;
    const { hostname } = this;
    this.life.end(stage);
    this.services.stop();
    this.forwarder.close();
    await left?.leave(hostname);
  }

  private async openPort(): Promise<void> {
    const lasts = this.life.watch();
    if (this.faults.portClosed || !(this.life.isUp || this.stage === "maintenance")) {
      return;
    }
    const tls = await tlsOf(this);
    if (!lasts()) {
      return;
    }
    if (tls === "none") {
      this.listener.reset();
      return;
    }
    await this.listener.open(tls === "silent" ? undefined : tls, this.surroundings.addresses);
    if (!this.inMaintenance) {
      this.life.schedule(RENEW_CERTIFICATE_MS, () => this.inBackground(this.openPort()));
      this.surroundings.changed();
    }
  }
}
