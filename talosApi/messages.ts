/** Messages of the Talos API as `definitions.ts` decodes them: enums by name, uint64 in decimal. */

export interface Status {
  code: number;
  message: string;
}

export interface Metadata {
  hostname: string;
  error: string;
  status: Status | null;
}

/** A reply: one message a node. `metadata` is set only for requests with `nodes`. */
export interface Reply<M> {
  messages: (M & { metadata: Metadata | null })[];
}

export type ApplyMode = "REBOOT" | "AUTO" | "NO_REBOOT" | "STAGED" | "TRY";

export interface ApplyConfigurationRequest {
  data: Uint8Array;
  mode: ApplyMode;
  dryRun: boolean;
  tryModeTimeout: { seconds: string; nanos: number } | null;
}

export interface ApplyConfiguration {
  warnings: string[];
  /** The mode really used: AUTO is resolved by the node. */
  mode: ApplyMode;
  modeDetails: string;
}

export interface Disk {
  /** Bytes. */
  size: string;
  model: string;
  deviceName: string;
  name: string;
  serial: string;
  modalias: string;
  uuid: string;
  wwid: string;
  type: "UNKNOWN" | "SSD" | "HDD" | "NVME" | "SD" | "CD";
  busPath: string;
  systemDisk: boolean;
  subsystem: string;
  readonly: boolean;
}

export interface Version {
  version: {
    tag: string;
    sha: string;
    built: string;
    goVersion: string;
    os: string;
    arch: string;
  } | null;
  /** Never null on a real node: the provider would panic. */
  platform: { name: string; mode: string } | null;
  features: { rbac: boolean } | null;
}

export interface ServiceInfo {
  id: string;
  state: string;
  events: { events: { msg: string; state: string; ts: Timestamp | null }[] } | null;
  health: {
    unknown: boolean;
    healthy: boolean;
    lastMessage: string;
    lastChange: Timestamp | null;
  } | null;
}

export interface Timestamp {
  seconds: string | number;
  nanos: number;
}

export interface Time {
  /** The time server that the node asked. */
  server: string;
  /** The node's clock. */
  localtime: Timestamp | null;
  /** The server's. */
  remotetime: Timestamp | null;
}

export interface EtcdMember {
  id: string;
  hostname: string;
  peerUrls: string[];
  clientUrls: string[];
  isLearner: boolean;
}

export interface ResetRequest {
  graceful: boolean;
  reboot: boolean;
  systemPartitionsToWipe: { label: string; wipe: boolean }[];
  userDisksToWipe: string[];
  mode: "ALL" | "SYSTEM_DISK" | "USER_DISKS";
}

export interface UpgradeRequest {
  image: string;
  preserve: boolean;
  stage: boolean;
  force: boolean;
  rebootMode: "DEFAULT" | "POWERCYCLE";
}

export interface RebootRequest {
  mode: "DEFAULT" | "POWERCYCLE" | "FORCE";
}

export interface EventsRequest {
  tailEvents: number;
  tailId: string;
  tailSeconds: number;
  withActorId: string;
}

export interface Event {
  /** `google.protobuf.Any`; protobufjs keeps its field names. */
  data: { type_url: string; value: Uint8Array } | null;
  id: string;
  actorId: string;
}

/** A COSI resource. `protoSpec` is decoded with the message of its type in `resources.proto`. */
export interface Resource {
  metadata: {
    namespace: string;
    type: string;
    id: string;
    version: string;
    owner: string;
    phase: string;
    created: Timestamp | null;
    updated: Timestamp | null;
    finalizers: string[];
    labels: Record<string, string>;
    annotations: Record<string, string>;
  };
  spec: { protoSpec: Uint8Array; yamlSpec: string };
}

export interface ResourceEvent {
  resource: Resource | null;
  eventType: "CREATED" | "UPDATED" | "DESTROYED" | "BOOTSTRAPPED" | "ERRORED" | "NOOP";
}

export interface MachineStatusSpec {
  /** `MACHINE_STAGE_RUNNING` and the like. */
  stage: string;
  status: { ready: boolean; unmetConditions: { name: string; reason: string }[] } | null;
}
