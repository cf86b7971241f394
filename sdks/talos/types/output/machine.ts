/** Types of the `machine` module, as results carry them. Certificates and keys are base64 of PEM. */

export interface Certificate {
  cert: string;
  /** Secret. */
  key: string;
}

export interface Key {
  /** Secret. */
  key: string;
}

export interface Certificates {
  etcd: Certificate;
  k8s: Certificate;
  k8sAggregator: Certificate;
  k8sServiceaccount: Key;
  os: Certificate;
}

export interface Cluster {
  id: string;
  /** Secret. */
  secret: string;
}

export interface KubernetesSecrets {
  /** Secret; only clusters made before Talos 1.3 have it. */
  aescbcEncryptionSecret?: string;
  /** Secret. */
  bootstrapToken: string;
  /** Secret. */
  secretboxEncryptionSecret: string;
}

export interface TrustdInfo {
  /** Secret. */
  token: string;
}

export interface MachineSecrets {
  certs: Certificates;
  cluster: Cluster;
  secrets: KubernetesSecrets;
  trustdinfo: TrustdInfo;
}

export interface ClientConfiguration {
  caCertificate: string;
  clientCertificate: string;
  /** Secret. */
  clientKey: string;
}

export interface ConfigurationApplyOnDestroy {
  /** @default false */
  graceful?: boolean;
  /** @default false */
  reboot?: boolean;
  /** @default false */
  reset?: boolean;
}

/** Go durations. Give all of them or none: some only fail after the call has been made. */
export interface Timeout {
  create?: string;
  delete?: string;
  update?: string;
}

/** Go durations. */
export interface BootstrapTimeouts {
  create?: string;
}

/** Go durations. */
export interface GetDisksTimeouts {
  read?: string;
}

export interface GetDisksDisk {
  busPath: string;
  cdrom: boolean;
  devPath: string;
  /** Bytes. */
  ioSize: number;
  modalias: string;
  model: string;
  prettySize: string;
  readonly: boolean;
  rotational: boolean;
  secondaryDisks: string[];
  /** Bytes. */
  sectorSize: number;
  serial: string;
  /** Bytes. */
  size: number;
  subSystem: string;
  symlinks: string[];
  transport: string;
  uuid: string;
  wwid: string;
}
