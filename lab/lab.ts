import { mkdirSync } from "node:fs";
import path from "node:path";

import type { ClusterFaults, NodeNetwork } from "./controlPlane";
import { createClusterRuntime } from "./controlPlane";
import { Machinery } from "./machinery";
import type { Faults, MachineSpec, Stage } from "./nodes";
import { Machines } from "./nodes";
import { serveKubernetesProvider } from "./providers/kubernetes";
import { serveTalosProvider } from "./providers/talos";

/** A machine of the stack that the lab plays. */
export interface LabNode {
  readonly hostname: string;
  /** Loopback address. */
  readonly ipAddress: string;
  /** Where its Talos API is reached, when it is not port 50000 of its address. */
  readonly endpoint?: string;
  readonly machineType: "controlplane" | "worker";
}

export interface LabOptions {
  readonly stackName: string;
  /** Absolute folder of the lab's disks and data; what is in it is switched on again. */
  readonly dir: string;
  readonly nodes: readonly LabNode[];
  /** Paths by name: machinery, etcd, kube-apiserver, kube-controller-manager, kube-scheduler, helm. */
  readonly binaries: Readonly<Record<string, string>>;
  /** One line an event; never a secret. */
  readonly log?: (line: string) => void;
}

export interface LabStatus {
  readonly nodes: readonly { hostname: string; address: string; stage: Stage }[];
  readonly clusters: readonly string[];
}

/** A Talos cluster on this machine: simulated nodes, a real control plane, and the providers. */
export interface Lab {
  /** Ports to which Pulumi's engine attaches. */
  readonly talosPort: number;
  readonly kubernetesPort: number;
  status(): LabStatus;
  /** Switches on those of these machines that the lab does not have yet. @throws as `startLab` does. */
  addNodes(nodes: readonly LabNode[]): Promise<void>;
  /** Calls so far that changed a node or an object, the lab's own processes left out. */
  mutatingCalls(): Promise<{ nodes: number; apiServer: number }>;
  /** Switches a fault of one node on or off. @throws when there is no such node. */
  setFaults(hostnameOrAddress: string, faults: Partial<Faults>): Promise<void>;
  /** Switches a fault of a cluster's pods on or off. @throws when there is no such cluster. */
  setClusterFaults(clusterName: string, faults: Partial<ClusterFaults>): void;
  /** The pod network of each node of all clusters, as of this moment. */
  networks(): NodeNetwork[];
  /** Calls at every change of a cluster that runs by now. @returns what ends it */
  onChange(listener: () => void): () => void;
  /** Stops all that the lab started; disks and data stay. */
  stop(): Promise<void>;
}

/**
 * Switches the lab on.
 *
 * @throws when a port is taken or an address is missing, naming it; nothing is left running then.
 */
export async function startLab(options: LabOptions): Promise<Lab> {
  const { binaries, dir, log } = options;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const machinery = await Machinery.start(binary(binaries, "machinery"));
  const runtimes = new Map<string, ReturnType<typeof createClusterRuntime>>();
  const machines = new Machines({
    dir: path.join(dir, "machines"),
    machines: options.nodes.map(machineOf),
    validator: machinery,
    runtime: (cluster) => {
      const runtime = createClusterRuntime({
        dir: path.join(dir, "clusters", Buffer.from(cluster.id).toString("hex").slice(0, 16)),
        binaries: {
          etcd: binary(binaries, "etcd"),
          kubeApiserver: binary(binaries, "kube-apiserver"),
          kubeControllerManager: binary(binaries, "kube-controller-manager"),
          kubeScheduler: binary(binaries, "kube-scheduler"),
        },
        helm: binary(binaries, "helm"),
        onEvent: log,
      });
      runtimes.set(cluster.clusterName, runtime);
      return runtime;
    },
    log,
  });
  const stops: (() => Promise<void>)[] = [() => machinery.stop(), () => machines.stop()];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    await machines.start();
    const talos = await serveTalosProvider({ machinery });
    stops.push(() => talos.stop());
    const kubernetes = await serveKubernetesProvider({ helm: binary(binaries, "helm") });
    stops.push(() => kubernetes.stop());
    return {
      talosPort: talos.port,
      kubernetesPort: kubernetes.port,
      status: () => ({
        nodes: machines.nodes.map(({ hostname, address, stage }) => ({ hostname, address, stage })),
        clusters: [...runtimes.keys()],
      }),
      addNodes: (nodes) => machines.add(nodes.map(machineOf)),
      mutatingCalls: async () => ({
        nodes: machines.mutatingCalls,
        apiServer: await sum([...runtimes.values()].map((runtime) => runtime.mutatingRequests())),
      }),
      setFaults: (target, faults) => machines.get(target).setFaults(faults),
      setClusterFaults: (clusterName, faults) => {
        const runtime = runtimes.get(clusterName);
        if (!runtime) throw new Error(`no cluster ${clusterName} has been bootstrapped`);
        runtime.setFaults(faults);
      },
      networks: () => [...runtimes.values()].flatMap((runtime) => runtime.networks()),
      onChange: (listener) => {
        const ends = [...runtimes.values()].map((runtime) => runtime.onChange(listener));
        return () => ends.forEach((end) => end());
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function binary(binaries: Readonly<Record<string, string>>, name: string): string {
  const found = binaries[name];
  if (found === undefined) throw new Error(`the lab was started without the binary ${name}`);
  return found;
}

function machineOf({ ipAddress, endpoint }: LabNode): MachineSpec {
  return { address: ipAddress, port: portOf(endpoint) };
}

/** The port of an endpoint `host:port` or `[v6]:port`; undefined is Talos' own. */
function portOf(endpoint: string | undefined): number | undefined {
  const port = endpoint?.match(/^(?:\[[^\]]+\]|[^:]+):(\d+)$/)?.[1];
  return port === undefined ? undefined : Number(port);
}

async function sum(counts: readonly (number | Promise<number>)[]): Promise<number> {
  return (await Promise.all(counts)).reduce((total, count) => total + count, 0);
}
