import { pemOf } from "../../talosApi";
import type { ConfiguredNode } from "../nodes/clusterRuntime";
import { parseMachineConfiguration } from "../nodes/machineConfiguration";
import { array, record, records, stringRecord, strings, text, type Tree } from "./tree";

/** A certificate authority of the machine configuration, PEM. A secret. */
export interface CertificateAuthority {
  crt: string;
  key: string;
}

/** What a control-plane machine configuration says of the cluster. Carries keys: never log it. */
export interface ClusterSettings {
  clusterName: string;
  /** URL with scheme and port. */
  endpoint: string;
  /** `id.secret`. */
  token: string;
  secretboxEncryptionSecret: string | undefined;
  aescbcEncryptionSecret: string | undefined;
  ca: CertificateAuthority;
  acceptedCAs: string[];
  aggregatorCA: CertificateAuthority;
  etcdCA: CertificateAuthority;
  /** PEM. */
  serviceAccountKey: string;
  dnsDomain: string;
  podSubnets: string[];
  serviceSubnets: string[];
  cni: { name: string; urls: string[]; flannelExtraArgs: string[] };
  apiServer: ComponentSettings & { certSANs: string[]; admissionControl: Tree[] };
  controllerManager: ComponentSettings;
  scheduler: ComponentSettings;
  proxy: ComponentSettings & { enabled: boolean; mode: string | undefined };
  coreDNS: { enabled: boolean; image: string };
  allowSchedulingOnControlPlanes: boolean;
  kubernetesTalosAPIAccess: boolean;
  kubePrism: { enabled: boolean; port: number };
  inlineManifests: { name: string; contents: string }[];
  extraManifests: string[];
  extraManifestHeaders: Record<string, string>;
  externalCloudProviderManifests: string[];
}

export interface ComponentSettings {
  image: string;
  /** A flag may be given several times. */
  extraArgs: Record<string, string[]>;
}

/** Talos' default where the configuration names no port. */
export const DEFAULT_KUBE_PRISM_PORT = 7445;
const COREDNS_IMAGE = "registry.k8s.io/coredns/coredns:v1.14.2";
const KUBERNETES_VERSION = "v1.36.0";

/**
 * Reads the cluster part of a control plane's configuration.
 * @throws an Error that names all missing PKI entries by their path and shows no content.
 */
export function clusterSettings(node: ConfiguredNode): ClusterSettings {
  const { cluster, machine } = configurationTrees(node);
  const missing: string[] = [];
  const pem = (path: string, value: unknown) => {
    const base64 = text(value);
    if (base64 === undefined) {
      missing.push(path);
      return "";
    }
    return pemOf(base64);
  };
  const authority = (path: string, value: unknown): CertificateAuthority => {
    const { crt, key } = record(value);
    return { crt: pem(`${path}.crt`, crt), key: pem(`${path}.key`, key) };
  };
  const network = record(cluster.network);
  const cni = record(network.cni);
  const proxy = record(cluster.proxy);
  const coreDNS = record(cluster.coreDNS);
  const cloudProvider = record(cluster.externalCloudProvider);
  const apiServer = record(cluster.apiServer);
  const settings: ClusterSettings = {
    clusterName: text(cluster.clusterName) ?? "",
    endpoint: text(record(cluster.controlPlane).endpoint) ?? "",
    token: text(cluster.token) ?? "",
    secretboxEncryptionSecret: text(cluster.secretboxEncryptionSecret),
    aescbcEncryptionSecret: text(cluster.aescbcEncryptionSecret),
    ca: authority("cluster.ca", cluster.ca),
    acceptedCAs: array(cluster.acceptedCAs).map((ca) => pem("cluster.acceptedCAs", record(ca).crt)),
    aggregatorCA: authority("cluster.aggregatorCA", cluster.aggregatorCA),
    etcdCA: authority("cluster.etcd.ca", record(cluster.etcd).ca),
    serviceAccountKey: pem("cluster.serviceAccount.key", record(cluster.serviceAccount).key),
    dnsDomain: text(network.dnsDomain) ?? "cluster.local",
    podSubnets: orElse(strings(network.podSubnets), ["10.244.0.0/16"]),
    serviceSubnets: orElse(strings(network.serviceSubnets), ["10.96.0.0/12"]),
    cni: {
      name: text(cni.name) ?? "flannel",
      urls: strings(cni.urls),
      flannelExtraArgs: strings(record(cni.flannel).extraArgs),
    },
    apiServer: {
      ...component(apiServer, "kube-apiserver"),
      certSANs: strings(apiServer.certSANs),
      admissionControl: records(apiServer.admissionControl),
    },
    controllerManager: component(record(cluster.controllerManager), "kube-controller-manager"),
    scheduler: component(record(cluster.scheduler), "kube-scheduler"),
    proxy: {
      ...component(proxy, "kube-proxy"),
      enabled: proxy.disabled !== true,
      mode: text(proxy.mode),
    },
    coreDNS: { enabled: coreDNS.disabled !== true, image: text(coreDNS.image) ?? COREDNS_IMAGE },
    allowSchedulingOnControlPlanes: cluster.allowSchedulingOnControlPlanes === true,
    kubernetesTalosAPIAccess:
      record(record(machine.features).kubernetesTalosAPIAccess).enabled === true,
    kubePrism: kubePrismOf(machine),
    inlineManifests: records(cluster.inlineManifests).map((manifest) => ({
      name: text(manifest.name) ?? "",
      contents: text(manifest.contents) ?? "",
    })),
    extraManifests: strings(cluster.extraManifests),
    extraManifestHeaders: stringRecord(cluster.extraManifestHeaders),
    externalCloudProviderManifests:
      cloudProvider.enabled === true ? strings(cloudProvider.manifests) : [],
  };
  if (missing.length > 0) {
    throw new Error(
      `the machine configuration of ${node.hostname} lacks ${missing.join(", ")}: only a complete control-plane configuration can start the control plane`,
    );
  }
  return settings;
}

/** `machine` and `cluster` of the v1alpha1 document. @throws when there is none. */
export function configurationTrees(node: ConfiguredNode): { machine: Tree; cluster: Tree } {
  const document = parseMachineConfiguration(node.machineConfiguration)?.v1alpha1;
  if (document === undefined) {
    throw new Error(`the machine configuration of ${node.hostname} has no v1alpha1 document`);
  }
  return { machine: record(document.machine), cluster: record(document.cluster) };
}

/** KubePrism of a machine, with Talos' default port. */
export function kubePrismOf(machine: Tree): { enabled: boolean; port: number } {
  const { enabled, port } = record(record(machine.features).kubePrism);
  return {
    enabled: enabled === true,
    port: typeof port === "number" && port !== 0 ? port : DEFAULT_KUBE_PRISM_PORT,
  };
}

/** `1.36.3` of an image reference; undefined when its tag is no version. */
export function imageVersion(image: string): string | undefined {
  return /:v?(\d+\.\d+\.\d+[^@]*)(?:@.*)?$/.exec(image)?.[1];
}

function component(tree: Tree, name: string): ComponentSettings {
  const extraArgs: Record<string, string[]> = {};
  for (const [flag, value] of Object.entries(record(tree.extraArgs))) {
    extraArgs[flag] = Array.isArray(value) ? value.map(String) : [String(value)];
  }
  return {
    image: text(tree.image) ?? `registry.k8s.io/${name}:${KUBERNETES_VERSION}`,
    extraArgs,
  };
}

function orElse(values: string[], fallback: string[]): string[] {
  return values.length > 0 ? values : fallback;
}
