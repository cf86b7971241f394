import type { ClusterSpecInput } from "../../components";

/** A preview of a cluster that stands, and what is asked of the engine. */
export interface PreviewCase {
  readonly spec: (spec: ClusterSpecInput) => unknown;
  /** Further arguments of `pulumi preview`. */
  readonly args?: readonly string[];
}

const RELEASE =
  "**::talos-cilium:index:TalosCluster$talos-cilium:index:Cilium$kubernetes:helm.sh/v3:Release::*";

/** What a pull request does to a cluster of one control plane and two workers, by name. */
export const previewCases: Readonly<Record<string, PreviewCase>> = {
  "no change": { spec: (spec) => spec },
  "chart value": {
    spec: (spec) => ({ ...spec, cilium: { ...spec.cilium, values: { debug: { enabled: true } } } }),
  },
  "patches with and without reboot": {
    spec: ({ nodes, ...spec }) => ({
      ...spec,
      configPatches: ["machine:\n  sysctls:\n    vm.max_map_count: '262144'\n"],
      nodes: nodes.map((node) =>
        node.hostname === "worker-1"
          ? { ...node, configPatches: ["machine:\n  udev:\n    rules: ['SUBSYSTEM==\"usb\"']\n"] }
          : node,
      ),
    }),
  },
  "node added and node removed": {
    spec: ({ nodes, ...spec }) => ({
      ...spec,
      nodes: nodes.map((node) =>
        node.hostname === "worker-2"
          ? { ...node, hostname: "worker-3", ipAddress: "127.200.1.1" }
          : node,
      ),
    }),
  },
  "version upgrade": {
    spec: (spec) => ({
      ...spec,
      talosVersion: "v1.13.1",
      kubernetesVersion: "1.36.4",
      cilium: { ...spec.cilium, version: "1.20.1" },
    }),
  },
  replacement: { spec: (spec) => spec, args: ["--target-replace", RELEASE] },
  "refused by rules": {
    spec: (spec) => ({ ...spec, configContract: "v1.8", kubernetesVersion: "1.20.0" }),
  },
  "refused by a latch": { spec: (spec) => ({ ...spec, configContract: "v1.12" }) },
};
