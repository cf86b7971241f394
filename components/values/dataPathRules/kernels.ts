import { type Kernel, talosKernels } from "../../spec/compatibility";
import { parseVersion } from "../../spec/versions";
import type { ChartValues } from "../chartValues";
import type { DataPathRule } from "./dataPathRule";
import { encryption, get, on, usesNetkit } from "./facts";

interface Need {
  readonly what: string;
  readonly kernel: Kernel;
  readonly path: string;
  readonly input: string;
  readonly isUsed: (values: ChartValues) => boolean;
}

/**
 * The oldest kernel of each feature. Every Talos from 1.9 on has it; an older one does not.
 *
 * @see https://docs.cilium.io/en/stable/operations/system_requirements/
 */
const NEEDS: readonly Need[] = [
  {
    what: "WireGuard",
    kernel: [5, 6],
    path: "encryption.type",
    input: "encryption.type",
    isUsed: (values) => encryption(values) === "wireguard",
  },
  {
    what: "eBPF host routing",
    kernel: [5, 10],
    path: "bpf.hostLegacyRouting",
    input: "datapath.hostRouting",
    isUsed: (values) => get(values, "bpf.hostLegacyRouting") === false,
  },
  {
    what: "BBR for pods",
    kernel: [5, 18],
    path: "bandwidthManager.bbr",
    input: "bandwidthManager.bbr",
    isUsed: (values) => on(values, "bandwidthManager.bbr"),
  },
  {
    what: "BIG TCP for IPv6",
    kernel: [5, 19],
    path: "enableIPv6BIGTCP",
    input: "datapath.bigTCP.ipv6",
    isUsed: (values) => on(values, "enableIPv6BIGTCP"),
  },
  {
    what: "BIG TCP for IPv4",
    kernel: [6, 3],
    path: "enableIPv4BIGTCP",
    input: "datapath.bigTCP.ipv4",
    isUsed: (values) => on(values, "enableIPv4BIGTCP"),
  },
  {
    what: "netkit",
    kernel: [6, 8],
    path: "bpf.datapathMode",
    input: "datapath.mode",
    isUsed: usesNetkit,
  },
];

export const kernelRules: readonly DataPathRule[] = NEEDS.map(
  ({ what, kernel: [major, minor], path, input, isUsed }) => ({
    id: "kernel",
    path,
    input,
    breaks: (values, { talosVersion = "" }) => {
      const talos = parseVersion(talosVersion);
      const kernel = talos?.major === 1 ? talosKernels[talos.minor] : undefined;
      if (!kernel || !isUsed(values)) return false;
      return kernel[0] < major || (kernel[0] === major && kernel[1] < minor);
    },
    reason: `${what} needs Linux ${major}.${minor}, which this Talos does not have`,
    fix: "raise talosVersion, or leave the feature off",
  }),
);
