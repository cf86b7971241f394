import { mkdirSync } from "node:fs";
import path from "node:path";
import { DEFAULT_TALOS_PORT, type Disk } from "../../talosApi";
import { sameCertificate } from "./certificates";
import type { ClusterRuntime } from "./clusterRuntime";
import { ClusterState } from "./clusterState";
import { DEFAULT_DISKS } from "./disks";
import { RPC_NAMES, type RpcName } from "./faults";
import type { MachineConfiguration } from "./machineConfiguration";
import { type ConfigurationValidator, DEFAULT_TIMINGS, type Timings } from "./nodeOptions";
import { SimulatedNode } from "./simulatedNode";

/** A machine of the lab. */
export interface MachineSpec {
  /** Loopback address of its own: 127.0.0.2, 127.0.0.3 … */
  address: string;
  /** @default 50000 */
  port?: number;
  /** @default `/dev/sda` with 100 GB and `/dev/nvme0n1` with 500 GB */
  disks?: readonly Disk[];
}

export interface MachinesOptions {
  /** Folder of the machines' disks, one folder an address. Made if absent. */
  dir: string;
  machines: readonly MachineSpec[];
  /** Talos' own library: a node takes what it takes. */
  validator: ConfigurationValidator;
  /** What the nodes run; a function where several clusters share the machines. */
  runtime: ClusterRuntime | ((cluster: { id: string; clusterName: string }) => ClusterRuntime);
  /** Talos on the boot medium. @default "v1.13.0" */
  talosVersion?: string;
  /** @default DEFAULT_TIMINGS */
  timings?: Partial<Timings>;
  /** One line a change of stage or failure; never a secret. */
  log?: (text: string) => void;
}

/** All machines of a lab. */
export class Machines {
  private readonly machines: SimulatedNode[];
  /** All that the message about missing aliases names. */
  private readonly addresses: string[];
  private readonly clusters = new Map<string, ClusterState>();

  constructor(private readonly options: MachinesOptions) {
    mkdirSync(options.dir, { recursive: true, mode: 0o700 });
    this.addresses = options.machines.map(({ address }) => address);
    this.machines = options.machines.map((machine) => this.node(machine));
  }

  get nodes(): readonly SimulatedNode[] {
    return this.machines;
  }

  /**
   * Switches all machines on with what their disks hold.
   * @throws when a port cannot be opened, with `address:port` and the way out; none stays on then.
   */
  async start(): Promise<void> {
    const outcomes = await Promise.allSettled(this.nodes.map((node) => node.powerOn()));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) {
      await this.stop();
      throw failed.reason;
    }
  }

  /**
   * Switches further machines on, beside those that run.
   * @throws as `start` does; those that ran run on.
   */
  async add(machines: readonly MachineSpec[]): Promise<void> {
    for (const machine of machines) {
      const { address } = machine;
      if (this.machines.some((node) => node.address === address)) continue;
      if (!this.addresses.includes(address)) this.addresses.push(address);
      const node = this.node(machine);
      await node.powerOn();
      this.machines.push(node);
    }
  }

  /** Pulls all plugs and stops what the machines ran. Disks stay; `start` goes on from there. */
  async stop(): Promise<void> {
    await Promise.all([
      ...[...this.clusters.values()].map((cluster) => cluster.stop()),
      ...this.nodes.map((node) => node.powerOff()),
    ]);
    this.clusters.clear();
  }

  /** Machine by address or hostname; undefined when the lab has none. */
  find(target: string): SimulatedNode | undefined {
    return this.nodes.find((node) => node.isLocalTarget(target));
  }

  /**
   * Machine by address or hostname.
   * @throws when the lab has none of that name.
   */
  get(target: string): SimulatedNode {
    const node = this.find(target);
    if (node === undefined) {
      const known = this.nodes.map(({ address }) => address).join(", ");
      throw new Error(`the lab has no machine ${target}; it has ${known}`);
    }
    return node;
  }

  /** Calls of all machines together, by method. */
  get calls(): Record<RpcName, number> {
    return Object.fromEntries(
      RPC_NAMES.map((rpc) => [rpc, this.nodes.reduce((sum, node) => sum + node.calls[rpc], 0)]),
    ) as Record<RpcName, number>;
  }

  /** Calls that change a machine, of all machines together. */
  get mutatingCalls(): number {
    return this.nodes.reduce((sum, node) => sum + node.mutatingCalls, 0);
  }

  private node({ address, port, disks }: MachineSpec): SimulatedNode {
    const { options } = this;
    return new SimulatedNode(
      {
        address,
        port: port ?? DEFAULT_TALOS_PORT,
        dir: path.join(options.dir, address.replaceAll(":", "-")),
        talosVersion: options.talosVersion ?? "v1.13.0",
        disks: disks ?? DEFAULT_DISKS,
        timings: { ...DEFAULT_TIMINGS, ...options.timings },
      },
      {
        validator: options.validator,
        clusterOf: (configuration) => this.clusterOf(configuration),
        trustdFor: (configuration) => this.trustdFor(configuration),
        resolve: (target) => this.find(target)?.options,
        addresses: this.addresses,
        changed: () => this.changed(),
        log: (text) => options.log?.(text),
      },
    );
  }

  private clusterOf({ cluster }: MachineConfiguration): ClusterState {
    const known = this.clusters.get(cluster.id);
    if (known !== undefined) {
      return known;
    }
    const { runtime, log } = this.options;
    const state = new ClusterState(
      typeof runtime === "function" ? runtime(cluster) : runtime,
      (what, error) => log?.(`${what}: ${error.message}`),
    );
    this.clusters.set(cluster.id, state);
    return state;
  }

  private trustdFor(worker: MachineConfiguration): MachineConfiguration | undefined {
    return this.nodes.find(
      ({ isControlPlane, stage, configuration }) =>
        isControlPlane &&
        (stage === "booting" || stage === "running") &&
        configuration !== undefined &&
        configuration.token === worker.token &&
        sameCertificate(configuration.ca.crt, worker.ca.crt),
    )?.configuration;
  }

  private changed(): void {
    for (const node of this.nodes) {
      node
        .surroundingsChanged()
        .catch((error: Error) => this.options.log?.(`${node.hostname}: ${error.message}`));
    }
  }
}
