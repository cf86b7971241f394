import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What survives a reboot beside the configuration. */
interface MachineFacts {
  /** Identity of the machine, made once; Talos keeps it on STATE. */
  nodeIdentity: string;
  /** Installed Talos, by an upgrade; undefined: what the lab's machines come with. */
  talosVersion?: string;
  /** Whether etcd has data: Bootstrap is refused then. */
  etcdData: boolean;
}

/** The disk of a simulated machine: a folder. Files are private, the configuration carries keys. */
export class NodeDisk {
  private facts: MachineFacts;

  constructor(readonly dir: string) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const stored = this.readFile("machine.json");
    this.facts =
      stored === undefined
        ? { nodeIdentity: randomUUID(), etcdData: false }
        : (JSON.parse(stored) as MachineFacts);
    if (stored === undefined) {
      this.writeFacts();
    }
  }

  /** The persisted machine configuration, YAML. */
  get machineConfiguration(): string | undefined {
    return this.readFile("machine-configuration.yaml");
  }

  set machineConfiguration(text: string | undefined) {
    this.writeFile("machine-configuration.yaml", text);
  }

  get nodeIdentity(): string {
    return this.facts.nodeIdentity;
  }

  get talosVersion(): string | undefined {
    return this.facts.talosVersion;
  }

  set talosVersion(version: string) {
    this.facts.talosVersion = version;
    this.writeFacts();
  }

  get etcdData(): boolean {
    return this.facts.etcdData;
  }

  set etcdData(present: boolean) {
    this.facts.etcdData = present;
    this.writeFacts();
  }

  /** Wipes STATE (configuration, identity), EPHEMERAL (etcd), or both. */
  wipe(partitions: { state: boolean; ephemeral: boolean }): void {
    if (partitions.state) {
      this.machineConfiguration = undefined;
      this.facts = { ...this.facts, nodeIdentity: randomUUID() };
    }
    if (partitions.ephemeral) {
      this.facts.etcdData = false;
    }
    this.writeFacts();
  }

  private writeFacts(): void {
    this.writeFile("machine.json", JSON.stringify(this.facts));
  }

  private readFile(name: string): string | undefined {
    const file = path.join(this.dir, name);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  /** Whole or not at all: a lab that is killed leaves a machine that powers on again. */
  private writeFile(name: string, content: string | undefined): void {
    const file = path.join(this.dir, name);
    if (content === undefined) {
      rmSync(file, { force: true });
      return;
    }
    writeFileSync(`${file}.new`, content, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}
