import { createHash } from "node:crypto";
import { parseAllDocuments } from "yaml";

/** A PKI entry of a machine configuration: base64 of PEM. Workers have no key. */
export interface PemPair {
  crt: string;
  key?: string;
}

/** What a simulated machine reads of its configuration. Carries keys: never log it. */
export interface MachineConfiguration {
  /** All documents as they were applied, YAML. */
  text: string;
  /** The legacy document, parsed. */
  v1alpha1: Record<string, unknown>;
  machineType: "controlplane" | "worker";
  ca: PemPair;
  acceptedCAs: PemPair[];
  token: string;
  certSANs: string[];
  /** What the configuration says of the hostname; {@link hostnameOf} decides. */
  hostname: string | undefined;
  stableHostname: boolean;
  /** `machine.install.image`. */
  installerImage: string | undefined;
  cluster: {
    id: string;
    clusterName: string;
    endpoint: string;
    ca: PemPair;
    acceptedCAs: PemPair[];
    etcdCA: PemPair | undefined;
    /** Go duration, as `8760h0m0s`. */
    adminKubeconfigCertLifetime: string | undefined;
    cniName: string;
    dnsDomain: string;
    podSubnets: string[];
    proxyEnabled: boolean;
    coreDNSEnabled: boolean;
  };
}

type Tree = Record<string, unknown>;

/**
 * Reads the documents of a configuration that Talos' own library has accepted.
 * Undefined when it has no v1alpha1 document: such a one does not suffice to boot.
 * @throws when the YAML does not parse; the text names the line and shows no content.
 */
export function parseMachineConfiguration(text: string): MachineConfiguration | undefined {
  const documents = parseAllDocuments(text, { uniqueKeys: false }).map((document) => {
    const error = document.errors[0];
    if (error !== undefined) {
      throw new Error(`line ${error.linePos?.[0].line ?? "?"}: ${error.code}`);
    }
    return tree(document.toJS());
  });
  const v1alpha1 = documents.find((document) => "machine" in document || "cluster" in document);
  if (v1alpha1 === undefined) {
    return undefined;
  }
  const machine = tree(v1alpha1.machine);
  const cluster = tree(v1alpha1.cluster);
  const network = tree(cluster.network);
  const hostnameConfig = documents.find((document) => document.kind === "HostnameConfig");
  return {
    text,
    v1alpha1,
    machineType: machine.type === "worker" ? "worker" : "controlplane",
    ca: pemPair(machine.ca),
    acceptedCAs: list(machine.acceptedCAs).map(pemPair),
    token: string(machine.token) ?? "",
    certSANs: list(machine.certSANs).map(String),
    hostname: string(hostnameConfig?.hostname) ?? string(tree(machine.network).hostname),
    stableHostname:
      hostnameConfig === undefined
        ? tree(machine.features).stableHostname === true
        : hostnameConfig.auto === "stable",
    installerImage: string(tree(machine.install).image),
    cluster: {
      id: string(cluster.id) ?? "",
      clusterName: string(cluster.clusterName) ?? "",
      endpoint: string(tree(cluster.controlPlane).endpoint) ?? "",
      ca: pemPair(cluster.ca),
      acceptedCAs: list(cluster.acceptedCAs).map(pemPair),
      etcdCA: cluster.etcd === undefined ? undefined : pemPair(tree(cluster.etcd).ca),
      adminKubeconfigCertLifetime: string(tree(cluster.adminKubeconfig).certLifetime),
      cniName: string(tree(network.cni).name) ?? "flannel",
      dnsDomain: string(network.dnsDomain) ?? "cluster.local",
      podSubnets: list(network.podSubnets).map(String),
      proxyEnabled: tree(cluster.proxy).disabled !== true,
      coreDNSEnabled: tree(cluster.coreDNS).disabled !== true,
    },
  };
}

/** The name that the machine gives itself; without one in the configuration, as Talos makes it. */
export function hostnameOf(
  configuration: Pick<MachineConfiguration, "hostname" | "stableHostname">,
  address: string,
  nodeIdentity: string,
): string {
  if (configuration.hostname !== undefined) {
    return configuration.hostname.split(".")[0] ?? configuration.hostname;
  }
  if (configuration.stableHostname) {
    const digest = createHash("sha256").update(nodeIdentity).digest("hex");
    const base36 = BigInt(`0x${digest}`).toString(36);
    return `talos-${base36.slice(1, 4)}-${base36.slice(4, 7)}`;
  }
  return `talos-${address.replace(/[:.]/g, "-")}`;
}

/** Seconds of a Go duration (`8760h`, `1h30m`); undefined when it is none. */
export function goDurationSeconds(text: string): number | undefined {
  const UNITS: Record<string, number> = {
    h: 3600,
    m: 60,
    s: 1,
    ms: 1e-3,
    us: 1e-6,
    µs: 1e-6,
    ns: 1e-9,
  };
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/.test(text)) {
    return undefined;
  }
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g)) {
    seconds += Number(amount) * (UNITS[unit ?? ""] ?? 0);
  }
  return seconds;
}

function tree(value: unknown): Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Tree)
    : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function string(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function pemPair(value: unknown): PemPair {
  const { crt, key } = tree(value);
  const pair: PemPair = { crt: string(crt) ?? "" };
  const keyText = string(key);
  return keyText === undefined ? pair : { ...pair, key: keyText };
}
