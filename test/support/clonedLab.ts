import { spawn, type ChildProcess } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { stringify } from "yaml";

const ROOT = path.resolve(__dirname, "../..");

/** What a lab is made of; npm packages are linked, not copied. */
const PARTS = ["Pulumi.yaml", "index.ts", "package.json", "package-lock.json", "tsconfig.json"];
const FOLDERS = ["commands", "components", "lab", "talosApi", "sdks", "tools/machinery"];

export interface CommandResult {
  code: number | null;
  stdout: string;
  /** Both streams, in the order of arrival. */
  text: string;
  seconds: number;
}

/**
 * A clone of the repository with a small `dev` stack on addresses of its own, so that its commands can
 * be tried beside a lab that a developer runs.
 */
export class ClonedLab {
  readonly dir = mkdtempSync(path.join(tmpdir(), "cloned-lab-"));
  readonly network = `127.${octet()}.${octet()}`;

  constructor() {
    for (const part of [...PARTS, ...FOLDERS]) {
      const filter = (source: string) => !source.includes("node_modules");
      cpSync(path.join(ROOT, part), path.join(this.dir, part), { recursive: true, filter });
    }
    symlinkSync(path.join(ROOT, "node_modules"), path.join(this.dir, "node_modules"));
    this.writeStack({});
  }

  /** Writes the `dev` stack: one control plane and its workers, with changes to the cluster. */
  writeStack(changes: Record<string, unknown>, workers = 1): void {
    const node = (hostname: string, machineType: string, last: number) => ({
      ...{ hostname, machineType, ipAddress: `${this.network}.${last}`, installDisk: "/dev/sda" },
    });
    const cluster = {
      clusterName: "dev",
      clusterEndpoint: `https://${this.network}.2:6443`,
      talosVersion: "v1.13.0",
      configContract: "v1.13",
      kubernetesVersion: "1.36.3",
      protect: false,
      nodes: [
        node("cp-1", "controlplane", 2),
        ...Array.from({ length: workers }, (_, index) =>
          node(`worker-${index + 1}`, "worker", index + 3),
        ),
      ],
      cilium: { version: "1.20.0", chart: "./lab/charts/cilium" },
      ...changes,
    };
    const config = { "talos-cilium:cluster": cluster };
    writeFileSync(path.join(this.dir, "Pulumi.dev.yaml"), stringify({ config }));
  }

  /** Runs `npm run lab -- …`, without npm. */
  run(...args: string[]): Promise<CommandResult> {
    return this.start(args).result;
  }

  /**
   * Starts a command in a process group of its own, as a terminal does.
   *
   * @param onText called with all that was printed so far, at each piece
   */
  start(
    args: string[],
    onText: (text: string) => void = () => undefined,
  ): { child: ChildProcess; result: Promise<CommandResult> } {
    const started = Date.now();
    const child = spawn(process.execPath, [path.join(this.dir, "lab/start.mjs"), "lab", ...args], {
      cwd: this.dir,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, LAB_PROVIDERS: "lab" },
    });
    let text = "";
    let stdout = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (piece: string) => onText((text += piece)));
    }
    child.stdout.on("data", (piece: string) => (stdout += piece));
    const result = new Promise<CommandResult>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) =>
        resolve({ code, stdout, text, seconds: (Date.now() - started) / 1000 }),
      );
    });
    return { child, result };
  }

  /** Process id of the lab that runs. */
  pid(): number {
    return (JSON.parse(readFileSync(this.at("lab.json"), "utf8")) as { pid: number }).pid;
  }

  /** A path in the lab's folder. */
  at(...names: string[]): string {
    return path.join(this.dir, ".lab/dev", ...names);
  }

  get hasFolder(): boolean {
    return existsSync(this.at());
  }

  async remove(): Promise<void> {
    await this.run("stop");
    rmSync(this.dir, { recursive: true, force: true });
  }
}

const octet = () => 10 + Math.floor(Math.random() * 240);
