/** Methods of the Talos API that a node serves; COSI's three by their own names. */
export const RPC_NAMES = [
  "ApplyConfiguration",
  "Bootstrap",
  "Disks",
  "EtcdMemberList",
  "Events",
  "Get",
  "Hostname",
  "Kubeconfig",
  "List",
  "Memory",
  "Read",
  "Reboot",
  "Reset",
  "ServiceList",
  "TimeCheck",
  "Upgrade",
  "Version",
  "Watch",
] as const;
export type RpcName = (typeof RPC_NAMES)[number];

/** What changes a machine. A dry run of ApplyConfiguration is not counted among them. */
export const MUTATING_RPCS = [
  "ApplyConfiguration",
  "Bootstrap",
  "Reboot",
  "Reset",
  "Upgrade",
] as const satisfies readonly RpcName[];

/** A diagnostic that a node reports (`talosctl get diagnostics`). */
export interface Diagnostic {
  id: string;
  message: string;
  details: string[];
}

/** What can be wrong with a node. Every switch is off in {@link NO_FAULTS}. */
export interface Faults {
  /** Connections are refused, as while a machine installs or is off. */
  portClosed: boolean;
  /** Connections are accepted and nothing is ever said, as behind a firewall that drops. */
  blackHole: boolean;
  /** Calls that are accepted and never answered. */
  neverAnswers: readonly RpcName[];
  /** Calls that take effect, but whose connection is cut before the reply; how many times. */
  cutBeforeReply: Readonly<Partial<Record<RpcName, number>>>;
  /** Every configuration is refused with InvalidArgument and this text. */
  refuseConfiguration: string | undefined;
  /** Talos ≤ 1.12 in maintenance: a configuration that does not load is answered with Unknown. */
  legacyDecodeErrors: boolean;
  /** Bootstrap answers FailedPrecondition: the container runtime is not up, or time is not in sync. */
  bootstrapUnavailable: "cri" | "time" | undefined;
  /** The node serves a certificate of another CA and trusts only that one. */
  foreignPKI: boolean;
  /** The names and addresses in the server certificate, in place of the right ones. */
  serverCertificateSANs: readonly string[] | undefined;
  /**
   * Seconds that the node's clock is ahead. Its certificate is then not yet valid for clients;
   * behind (negative), it holds fresh client certificates to be not yet valid.
   */
  clockOffsetSeconds: number;
  /** The Kubeconfig archive is cut. */
  truncateKubeconfig: boolean;
  /** Life of the client certificate in the kubeconfig, in place of the configured one. Seconds. */
  kubeconfigCertLifetimeSeconds: number | undefined;
  /** etcd and the control plane start this long after Bootstrap was acknowledged. Milliseconds. */
  controlPlaneDelayMs: number;
  /** What etcd is reported to be. */
  etcd: "healthy" | "unhealthy" | "learner" | "foreignPeerURL";
  /** The machine never gets past this stage. */
  stageStuckAt: "booting" | undefined;
  /** Diagnostics that the node reports. */
  diagnostics: readonly Diagnostic[];
  /** The kubelet never registers, so the Node object is missing. Read when the machine boots. */
  kubeletNeverRegisters: boolean;
}

export const NO_FAULTS: Faults = Object.freeze({
  portClosed: false,
  blackHole: false,
  neverAnswers: [],
  cutBeforeReply: {},
  refuseConfiguration: undefined,
  legacyDecodeErrors: false,
  bootstrapUnavailable: undefined,
  foreignPKI: false,
  serverCertificateSANs: undefined,
  clockOffsetSeconds: 0,
  truncateKubeconfig: false,
  kubeconfigCertLifetimeSeconds: undefined,
  controlPlaneDelayMs: 0,
  etcd: "healthy",
  stageStuckAt: undefined,
  diagnostics: [],
  kubeletNeverRegisters: false,
});

/** The faults that change how the port behaves, so that it has to be opened anew. */
export const TRANSPORT_FAULTS = [
  "portClosed",
  "blackHole",
  "foreignPKI",
  "serverCertificateSANs",
  "clockOffsetSeconds",
] as const satisfies readonly (keyof Faults)[];
