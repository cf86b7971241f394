import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Machines, type MachinesOptions, type SimulatedNode } from "../../lab/nodes";
import { TalosClient, type TalosClientOptions } from "../../talosApi";
import { FakeClusterRuntime } from "./fakeClusterRuntime";
import { testCluster, type TestCluster } from "./talosCluster";

/** Milliseconds for one call. */
export const TIMEOUT = 2000;

/** Accepts every configuration: what Talos' library says of it is another test's. */
const ACCEPT_ALL = { validate: async () => ({ warnings: [] }) };

/** PKI of all tests' machines, which do not know of one another: making one takes longer than most tests. */
let cluster: Promise<TestCluster> | undefined;

/** Machines of one test, on addresses of its own, and all that has to be closed after it. */
export class TestMachines {
  readonly dir = mkdtempSync(path.join(tmpdir(), "nodes-"));
  readonly runtime = new FakeClusterRuntime();
  readonly log: string[] = [];
  readonly addresses: string[];
  machines: Machines;
  private readonly clients: TalosClient[] = [];

  private constructor(
    count: number,
    readonly cluster: TestCluster,
    private readonly options: Partial<MachinesOptions>,
  ) {
    // Other runs on this machine have the same ports: each takes a /24 of loopback.
    const random = () => 1 + Math.floor(Math.random() * 250);
    const network = `127.${random()}.${random()}`;
    this.addresses = Array.from({ length: count }, (_, index) => `${network}.${index + 2}`);
    this.machines = this.makeMachines();
  }

  /** Powered on, in maintenance. */
  static async start(count: number, options: Partial<MachinesOptions> = {}): Promise<TestMachines> {
    cluster ??= testCluster();
    const test = new TestMachines(count, await cluster, options);
    await test.machines.start();
    return test;
  }

  address(index: number): string {
    const address = this.addresses[index];
    if (address === undefined) {
      throw new Error(`no machine ${index}`);
    }
    return address;
  }

  node(index: number): SimulatedNode {
    return this.machines.get(this.address(index));
  }

  /** A client of machine `index`; with the admin's certificate unless `credentials` says other. */
  client(index: number, options: Partial<TalosClientOptions> = {}): TalosClient {
    const client = new TalosClient({
      endpoint: this.address(index),
      credentials: this.cluster.admin,
      ...options,
    });
    this.clients.push(client);
    return client;
  }

  /** A client without a certificate. */
  insecure(index: number): TalosClient {
    const client = new TalosClient({ endpoint: this.address(index) });
    this.clients.push(client);
    return client;
  }

  /** Configures machine `index` and waits until its port speaks mTLS, workers' ports included. */
  async configure(index: number, machineConfiguration: string): Promise<void> {
    await this.insecure(index).applyConfiguration({ data: machineConfiguration }, TIMEOUT);
    await eventually(async () => {
      await this.client(index).version(TIMEOUT);
    });
  }

  /** One control plane, `cp-1`, bootstrapped. */
  async bootstrapped(): Promise<void> {
    await this.configure(0, this.cluster.controlPlane("cp-1"));
    await eventually(() => this.client(0).bootstrap(TIMEOUT));
  }

  /** As when the lab's process was killed and is started again on the same folder. */
  async restart(): Promise<void> {
    await this.machines.stop();
    this.machines = this.makeMachines();
    await this.machines.start();
  }

  async stop(): Promise<void> {
    this.clients.forEach((client) => client.close());
    await this.machines.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private makeMachines(): Machines {
    return new Machines({
      dir: this.dir,
      machines: this.addresses.map((address) => ({ address })),
      runtime: this.runtime,
      validator: ACCEPT_ALL,
      log: (text) => this.log.push(text),
      ...this.options,
    });
  }
}

/** Tries until it does not throw; gives up after five seconds with the last error. */
export async function eventually<T>(action: () => Promise<T> | T): Promise<T> {
  const deadline = Date.now() + 5000;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
