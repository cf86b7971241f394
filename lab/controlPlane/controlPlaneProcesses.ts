import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { ConfiguredNode } from "../nodes/clusterRuntime";
import { isLoopback } from "./addresses";
import { TetheredProcess } from "./childProcess";
import type { ClusterSettings } from "./clusterSettings";
import {
  apiServerFlags,
  commandLine,
  controllerManagerFlags,
  ETCD_CLIENT_PORT,
  ETCD_PEER_PORT,
  etcdFlags,
  type FlagInput,
  schedulerFlags,
} from "./flags";
import type { KubernetesApi } from "./kubernetesApi";
import { ProcessRecord } from "./leftovers";
import { apiServerNames, type Pki, renewApiServerCertificate, writePki } from "./pki";
import { assertPortsFree } from "./ports";
import { pause } from "./watchList";

/** Absolute paths. */
export interface ControlPlaneBinaries {
  etcd: string;
  kubeApiserver: string;
  kubeControllerManager: string;
  kubeScheduler: string;
}

/** Asked for at short intervals while the API server starts. */
const READY_POLL_MS = 50;
/** A process that ends by itself is started again after this time, as the kubelet does. */
const RESTART_DELAY_MS = 1000;

/** Where the API server of a lab listens: the cluster endpoint when that is on this machine. */
export function apiServerPlace(
  endpoint: string,
  nodeAddress: string,
): { address: string; port: number } {
  const url = new URL(endpoint);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return isLoopback(host)
    ? { address: host === "localhost" ? "127.0.0.1" : host, port: Number(url.port || 443) }
    : { address: nodeAddress, port: 6443 };
}

/** etcd, kube-apiserver, kube-controller-manager and kube-scheduler of one lab. */
export class ControlPlaneProcesses {
  private readonly processes = new Map<string, TetheredProcess>();
  private readonly stopped = new AbortController();
  /**
   * Starts controller manager and scheduler; call it when the API server is ready. Before, it has no roles:
   * the scheduler is forbidden every list and asks again a second later, the other polls once a second.
   */
  startControllers: () => void = () => undefined;

  private constructor(
    readonly pki: Pki,
    private readonly host: string,
    private names: string[],
    readonly place: { address: string; port: number },
    readonly auditLog: string,
    private readonly logDir: string,
    private readonly record: ProcessRecord,
    private readonly onEvent: (message: string) => void,
  ) {}

  /**
   * Starts etcd and the API server; `startControllers` the other two.
   * @throws when a port is taken, with its address, or when the PKI is not usable.
   */
  static async start(options: {
    dir: string;
    binaries: ControlPlaneBinaries;
    settings: ClusterSettings;
    node: ConfiguredNode;
    keepData: boolean;
    onEvent: (message: string) => void;
  }): Promise<ControlPlaneProcesses> {
    const { dir, settings, node, binaries } = options;
    const place = apiServerPlace(settings.endpoint, node.address);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const record = new ProcessRecord(join(dir, "processes.json"), dir);
    const left = record.endLeftovers();
    if (left > 0) {
      options.onEvent(`ended ${left} processes that an earlier lab left behind`);
      await pause(200);
    }
    const dataDir = join(dir, "etcd");
    const auditLog = join(dir, "audit.log");
    if (!options.keepData) {
      await Promise.all([
        rm(dataDir, { recursive: true, force: true }),
        rm(auditLog, { force: true }),
      ]);
    }
    const server = `https://${place.address}:${place.port}`;
    const [pki] = await Promise.all([
      writePki(join(dir, "pki"), settings, node, server),
      assertPortsFree([
        place,
        { address: node.address, port: ETCD_CLIENT_PORT },
        { address: node.address, port: ETCD_PEER_PORT },
      ]),
      mkdir(join(dir, "logs"), { recursive: true, mode: 0o700 }),
    ]);
    const input: FlagInput = {
      settings,
      files: pki.files,
      hostname: node.hostname,
      address: node.address,
      apiServer: place,
      etcd: { clientPort: ETCD_CLIENT_PORT, peerPort: ETCD_PEER_PORT, dataDir },
      auditLog,
    };
    const running = new ControlPlaneProcesses(
      pki,
      node.hostname,
      apiServerNames(settings, node),
      place,
      auditLog,
      join(dir, "logs"),
      record,
      options.onEvent,
    );
    running.launch("etcd", binaries.etcd, commandLine(etcdFlags(input)));
    running.launch("kube-apiserver", binaries.kubeApiserver, commandLine(apiServerFlags(input)));
    running.startControllers = () => {
      running.launch(
        "kube-controller-manager",
        binaries.kubeControllerManager,
        commandLine(controllerManagerFlags(input)),
      );
      running.launch("kube-scheduler", binaries.kubeScheduler, commandLine(schedulerFlags(input)));
    };
    return running;
  }

  /** Resolves when `/readyz` answers ok; false when the processes were stopped before. */
  async untilReady(api: KubernetesApi): Promise<boolean> {
    while (!this.stopped.signal.aborted) {
      try {
        await api.text("/readyz", 5000);
        return true;
      } catch {
        await pause(READY_POLL_MS, this.stopped.signal);
      }
    }
    return false;
  }

  /** Renews the API server's certificate when the configuration of its machine names others in it. */
  async update(settings: ClusterSettings, node: ConfiguredNode): Promise<void> {
    const names = apiServerNames(settings, node);
    if (node.hostname !== this.host || isDeepStrictEqual(names, this.names)) {
      return;
    }
    this.names = names;
    await renewApiServerCertificate(this.pki.files, settings, node);
    this.onEvent(`${node.hostname} renewed the certificate of the API server`);
  }

  /** Ids of the processes that run. */
  get pids(): number[] {
    return [...this.processes.values()].flatMap(({ isRunning, pid }) =>
      isRunning && pid !== undefined ? [pid] : [],
    );
  }

  /** Ends all processes: those that talk to the API server first, etcd last. */
  async stop(): Promise<void> {
    this.stopped.abort();
    const stop = (name: string) => this.processes.get(name)?.stop();
    await Promise.all([stop("kube-controller-manager"), stop("kube-scheduler")]);
    await stop("kube-apiserver");
    await stop("etcd");
    this.record.clear();
  }

  private launch(name: string, binary: string, args: string[]): void {
    const started = TetheredProcess.start({
      name,
      binary,
      args,
      logFile: join(this.logDir, `${name}.log`),
      onExit: (problem) => {
        this.onEvent(problem.message);
        void pause(RESTART_DELAY_MS, this.stopped.signal).then(() => {
          if (!this.stopped.signal.aborted) {
            this.launch(name, binary, args);
          }
        });
      },
    });
    this.processes.set(name, started);
    this.record.write(this.pids);
  }
}
