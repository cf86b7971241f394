import type { Disk } from "../../talosApi";
import type { ClusterState } from "./clusterState";
import type { Resolve } from "./forwarder";
import type { MachineConfiguration } from "./machineConfiguration";

/** What a machine is doing, in Talos' words; `off` is ours. */
export type Stage =
  | "off"
  | "maintenance"
  | "installing"
  | "booting"
  | "running"
  | "rebooting"
  | "resetting"
  | "upgrading";

/** How long things take. Milliseconds. */
export interface Timings {
  /** From an accepted first configuration to the boot; the port is closed. */
  installMs: number;
  /** From a reboot to the boot; the port is closed. */
  rebootMs: number;
  /** From the boot to the container runtime: until then Bootstrap answers FailedPrecondition. */
  bootMs: number;
  /** A control plane that nobody bootstraps reboots after this. */
  bootTimeoutMs: number;
}

/** No waiting, and Talos' own 70 minutes before a control plane without etcd reboots. */
export const DEFAULT_TIMINGS: Timings = Object.freeze({
  installMs: 0,
  rebootMs: 0,
  bootMs: 0,
  bootTimeoutMs: 70 * 60_000,
});

/** Says what Talos' own library thinks of a configuration; the lab's `Machinery` does. */
export interface ConfigurationValidator {
  validate(
    machineConfiguration: string,
    options?: { mode?: "metal" | "cloud" | "container"; strict?: boolean },
  ): Promise<{ warnings: readonly string[]; error?: string }>;
}

/** What a node knows of the lab around it. */
export interface Surroundings {
  validator: ConfigurationValidator;
  clusterOf(configuration: MachineConfiguration): ClusterState;
  /** Configuration of a control plane that would sign certificates for this worker. */
  trustdFor(configuration: MachineConfiguration): MachineConfiguration | undefined;
  resolve: Resolve;
  /** All addresses of the lab, for the message about missing aliases. */
  addresses: readonly string[];
  /** Something changed that other nodes may wait for. */
  changed(): void;
  log(text: string): void;
}

/** A machine as it comes out of the box. */
export interface NodeOptions {
  /** Loopback address of its own. */
  address: string;
  port: number;
  /** Folder that is the machine's disk. */
  dir: string;
  /** Talos on the boot medium, `v1.13.0`. */
  talosVersion: string;
  disks: readonly Disk[];
  timings: Timings;
}
