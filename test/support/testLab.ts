import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { stringify } from "yaml";

import type { ClusterSpecInput } from "../../components";
import { type MutatingRequest, readAuditLog } from "../../lab/controlPlane/auditLog";
import type { EngineVerb } from "../../lab/engine/engine";
import { Engine } from "../../lab/engine/engine";
import { engineFolder } from "../../lab/engine/engineFolder";
import type { ProviderPorts } from "../../lab/engine/environment";
import { engineEnvironment } from "../../lab/engine/environment";
import { type ProviderName, installedProviders } from "../../lab/cli/realProviders";
import { labProviders } from "../../lab/cli/session";
import type { PulumiResult } from "../../lab/engine/pulumiProcess";
import type { Lab } from "../../lab/lab";
import { startLab } from "../../lab/lab";
import type { Faults } from "../../lab/nodes";

const PROJECT = path.resolve(__dirname, "..", "..");
const BINARIES = [
  "pulumi",
  "machinery",
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
  "helm",
] as const;

/** Binaries by name, or undefined where one has not been built: `npm test` sees to them first. */
export function labBinaries(): Record<string, string> | undefined {
  const cache = process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
  const folders = [process.env["LAB_BIN"], path.join(cache, "pulumi-talos-cilium-lab", "bin")];
  const entries = BINARIES.map((name) => {
    const found = folders
      .flatMap((folder) => (folder ? [path.join(folder, name)] : []))
      .find((file) => existsSync(file));
    return [name, found] as const;
  });
  return entries.every(([, file]) => file !== undefined)
    ? (Object.fromEntries(entries) as Record<string, string>)
    : undefined;
}

/** In a `before` hook: skips the suite, with a line that says why, where a binary is missing. */
export function requireBinaries(this: Mocha.Context): void {
  if (labBinaries()) return;
  console.log("      skipped: the lab's binaries are not built; `npm test` builds them");
  this.skip();
}

export interface TestLabOptions {
  readonly controlPlanes?: number;
  readonly workers?: number;
  /** Changes to the spec; a function sees the addresses. */
  readonly spec?: (spec: ClusterSpecInput) => ClusterSpecInput;
  /** Where the program is. @default the repository */
  readonly projectDirectory?: string;
}

/** A lab of one test with a stack of its own, on loopback addresses that no other run has. */
export class TestLab {
  readonly stackName = "test";
  private lab: Lab | undefined;
  private access: Promise<string> | undefined;
  readonly log: string[] = [];
  /** Everything that any run of the CLI printed. */
  readonly printed: string[] = [];

  private constructor(
    readonly dir: string,
    readonly spec: ClusterSpecInput,
    private readonly projectDirectory: string,
  ) {
    this.writeStack(spec);
  }

  /** Switches the machines on; nothing is applied yet. */
  static async start(options: TestLabOptions = {}): Promise<TestLab> {
    const { controlPlanes = 1, workers = 0 } = options;
    const network = `127.${random(10, 250)}.${random(1, 250)}`;
    const node = (hostname: string, machineType: "controlplane" | "worker", index: number) => ({
      hostname,
      machineType,
      ipAddress: `${network}.${index + 2}`,
      installDisk: "/dev/sda",
    });
    const nodes = [
      ...range(controlPlanes).map((i) => node(`cp-${i + 1}`, "controlplane", i)),
      ...range(workers).map((i) => node(`worker-${i + 1}`, "worker", controlPlanes + i)),
    ];
    const base: ClusterSpecInput = {
      clusterName: "test",
      clusterEndpoint: `https://${network}.2:6443`,
      talosVersion: "v1.13.0",
      configContract: "v1.13",
      kubernetesVersion: "1.36.3",
      protect: false,
      allowSchedulingOnControlPlanes: workers === 0,
      nodes,
      cilium: { version: "1.20.0", chart: "./lab/charts/cilium" },
    };
    const test = new TestLab(
      mkdtempSync(path.join(tmpdir(), "lab-")),
      options.spec?.(base) ?? base,
      options.projectDirectory ?? PROJECT,
    );
    await test.switchOn();
    return test;
  }

  /** @param on.machines false serves the providers alone, as if every machine were off. */
  async switchOn(on: { machines?: boolean } = {}): Promise<void> {
    const binaries = labBinaries()!;
    this.realProviders();
    this.lab = await startLab({
      stackName: this.stackName,
      dir: path.join(this.dir, "lab"),
      nodes: on.machines === false ? [] : this.spec.nodes.map((node) => ({ ...node })),
      binaries,
      log: (line) => this.log.push(line),
    });
  }

  /** Pulls all plugs; disks stay. */
  async switchOff(): Promise<void> {
    await this.lab?.stop();
    this.lab = undefined;
  }

  /** Writes the stack's configuration anew: the next run sees it. */
  writeStack(spec: unknown, more: Record<string, unknown> = {}): void {
    const file = path.join(this.dir, `Pulumi.${this.stackName}.yaml`);
    mkdirSync(this.dir, { recursive: true });
    writeFileSync(file, stringify({ config: { "talos-cilium:cluster": spec, ...more } }));
  }

  run(verb: EngineVerb, args: string[] = [], signal?: AbortSignal): Promise<PulumiResult> {
    this.access = undefined;
    return this.with((engine) =>
      engine.run(verb, { args, signal, onLine: (line) => this.printed.push(line) }),
    );
  }

  /**
   * Runs `up` and kills the CLI with all that it started, as a power cut would, as soon as a line
   * matches. @returns whether one did before the run ended by itself.
   */
  async upKilledAt(line: RegExp): Promise<boolean> {
    const folder = engineFolder(this.dir, this.stackName);
    this.access = undefined;
    await this.openEngine();
    const child = spawn(
      labBinaries()!["pulumi"]!,
      ["up", "--yes", "--skip-preview", "--non-interactive", "--suppress-progress"].concat([
        ...["--stack", this.stackName, "--config-file", folder.configFile],
      ]),
      {
        cwd: this.projectDirectory,
        env: engineEnvironment(process.env, folder, this.providers),
        stdio: ["ignore", "pipe", "ignore"],
        detached: true,
      },
    );
    let killed = false;
    createInterface({ input: child.stdout }).on("line", (text) => {
      this.printed.push(text);
      if (killed || !line.test(text)) return;
      killed = true;
      process.kill(-child.pid!, "SIGKILL");
    });
    await once(child, "close");
    return killed;
  }

  /** Runs `up` and throws with all that it printed unless it succeeded. */
  async up(args: string[] = []): Promise<PulumiResult> {
    const result = await this.run("up", args);
    if (result.exitCode !== 0) throw new Error(`up failed:\n${result.stdout}\n${result.stderr}`);
    return result;
  }

  /** Lets another person's stack, which knows nothing yet, meet the machines; then the state is as it was. */
  async withoutState(use: () => Promise<void>): Promise<void> {
    const [own, kept] = [path.join(this.dir, "engine"), path.join(this.dir, "engine-kept")];
    renameSync(own, kept);
    try {
      await use();
    } finally {
      this.access = undefined;
      rmSync(own, { recursive: true, force: true });
      renameSync(kept, own);
    }
  }

  /** Runs a line that a message gave the user, in a shell with the stack selected. */
  async shell(line: string): Promise<string> {
    const folder = engineFolder(this.dir, this.stackName);
    const cli = labBinaries()!["pulumi"]!;
    const env = engineEnvironment(process.env, folder, this.providers);
    const { stdout, stderr } = await promisify(execFile)("bash", ["-c", line], {
      cwd: folder.project,
      env: { ...env, PULUMI_STACK: this.stackName, PATH: `${path.dirname(cli)}:${env["PATH"]}` },
    });
    this.printed.push(stdout, stderr);
    return stdout + stderr;
  }

  /** The kubeconfig in the state, also after a run that failed. Read once after each run. */
  kubeconfig(): Promise<string> {
    return (this.access ??= this.readKubeconfig());
  }

  private async readKubeconfig(): Promise<string> {
    const { deployment } = (await this.exportState(true)) as {
      deployment: { resources: { type: string; outputs?: Record<string, unknown> }[] };
    };
    const access = deployment.resources.find(({ type }) => type.endsWith(":Kubeconfig"));
    const raw = access?.outputs?.["kubeconfigRaw"] as { plaintext: string } | undefined;
    if (!raw) throw new Error("the state has no kubeconfig");
    return JSON.parse(raw.plaintext) as string;
  }

  /** What the API servers of this lab were asked to change, the oldest first. */
  async audited(): Promise<MutatingRequest[]> {
    const clusters = path.join(this.dir, "lab", "clusters");
    const logs = readdirSync(clusters).map((name) => path.join(clusters, name, "audit.log"));
    return (await Promise.all(logs.map((file) => readAuditLog(file)))).flat();
  }

  /** @param kubeconfig that of another stack's cluster. @default the one in the state */
  async kubectl(args: readonly string[], input?: string, kubeconfig?: string): Promise<string> {
    const file = path.join(this.dir, "kubeconfig");
    writeFileSync(file, kubeconfig ?? (await this.kubeconfig()), { mode: 0o600 });
    // The machines live in this process: one that waits for kubectl stands still with them.
    const running = promisify(execFile)(
      labBinaries()!["kubectl"]!,
      ["--kubeconfig", file, ...args],
      // Two revisions of a release with the real chart are more than Node's one MiB.
      { maxBuffer: 64 * 1024 * 1024 },
    );
    running.child.stdin?.end(input);
    return (await running).stdout;
  }

  outputs(): Promise<Record<string, unknown>> {
    return this.with((engine) => engine.outputs());
  }

  exportState(showSecrets = false): Promise<unknown> {
    return this.with((engine) => engine.exportState(showSecrets));
  }

  mutatingCalls(): Promise<{ nodes: number; apiServer: number }> {
    return this.running.mutatingCalls();
  }

  setFaults(hostnameOrAddress: string, faults: Partial<Faults>): Promise<void> {
    return this.running.setFaults(hostnameOrAddress, faults);
  }

  get running(): Lab {
    if (!this.lab) throw new Error("the lab is switched off");
    return this.lab;
  }

  /** Ends all that the test started and removes its folder. */
  async stop(): Promise<void> {
    await this.switchOff();
    if (!process.env["KEEP_TEST_LAB"]) rmSync(this.dir, { recursive: true, force: true });
  }

  private openEngine(): Promise<Engine> {
    return Engine.open({
      cli: labBinaries()!["pulumi"]!,
      projectDirectory: this.projectDirectory,
      stackName: this.stackName,
      stackFile: path.join(this.dir, `Pulumi.${this.stackName}.yaml`),
      dir: this.dir,
      helm: labBinaries()!["helm"],
      providers: this.providers,
    });
  }

  /** The lab's own, or the real plugins where `LAB_PROVIDERS=real` asks for them. */
  private get providers(): ProviderPorts {
    const { talosPort, kubernetesPort } = this.running;
    return labProviders({ talos: talosPort, kubernetes: kubernetesPort }, this.realProviders());
  }

  private realProviders(): Set<ProviderName> {
    if (process.env["LAB_PROVIDERS"] !== "real") return new Set();
    const real = installedProviders({ dir: this.dir, name: this.stackName });
    if (real.size > 0) return real;
    throw new Error("LAB_PROVIDERS=real, and neither plugin is installed: see CONTRIBUTING.md");
  }

  /** Opens the engine anew, as each command of the lab does: it clears what a killed run left. */
  private async with<T>(use: (engine: Engine) => Promise<T>): Promise<T> {
    return use(await this.openEngine());
  }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function random(from: number, to: number): number {
  return from + Math.floor(Math.random() * (to - from));
}
