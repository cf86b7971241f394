import type { ChartValues } from "./chartValues";

/** Linux capabilities that Talos takes from everything its container runtime starts. */
export const FORBIDDEN_CAPABILITIES: readonly string[] = ["SYS_MODULE", "SYS_BOOT"];

/** The chart's own list of the agent without `SYS_MODULE`, which Talos gives to nothing. */
const AGENT_CAPABILITIES = [
  "CHOWN",
  "KILL",
  "NET_ADMIN",
  "NET_RAW",
  "IPC_LOCK",
  "SYS_ADMIN",
  "SYS_RESOURCE",
  "DAC_OVERRIDE",
  "FOWNER",
  "SETGID",
  "SETUID",
];

const CLEAN_CILIUM_STATE_CAPABILITIES = ["NET_ADMIN", "SYS_ADMIN", "SYS_RESOURCE"];

/** What Cilium cannot start without on Talos. */
export const mandatoryValues: ChartValues = {
  cgroup: { autoMount: { enabled: false }, hostRoot: "/sys/fs/cgroup" },
  securityContext: {
    capabilities: {
      ciliumAgent: AGENT_CAPABILITIES,
      cleanCiliumState: CLEAN_CILIUM_STATE_CAPABILITIES,
    },
  },
};

/** What suits Talos, but could be otherwise. */
export const recommendedValues: ChartValues = {
  // The pod networks that the machine configuration gives to each node.
  ipam: { mode: "kubernetes" },
};
