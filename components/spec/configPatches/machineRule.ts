import type { ClusterSpec, MachineType, NodeSpec } from "../schema";
import type { MachineDocuments } from "./machineDocuments";

/** What a rule about a machine configuration finds. */
export interface MachineFinding {
  /** Path in the machine configuration, such as `machine.install.disk`. */
  readonly where: string;
  readonly got?: unknown;
  readonly reason: string;
  readonly fix: string;
}

/** The machine whose configuration is looked at. */
export interface CheckedMachine {
  readonly configContract: string;
  readonly machineType: MachineType;
  /** Host of the cluster endpoint. */
  readonly endpointHost?: string;
  /** The cluster that it belongs to; absent when only Talos' own rules are asked. */
  readonly spec?: ClusterSpec;
  readonly node?: NodeSpec;
}

/** One rule about a whole machine configuration, patches and all. */
export interface MachineRule {
  readonly id: string;
  readonly warns?: boolean;
  /** Whether `silencedRules` may name it. @default whether it warns */
  readonly silenceable?: boolean;
  readonly check: (
    documents: MachineDocuments,
    machine: CheckedMachine,
  ) => Iterable<MachineFinding>;
}
