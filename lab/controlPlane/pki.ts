import { createPrivateKey, createPublicKey } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { ConfiguredNode } from "../nodes/clusterRuntime";
import { serviceAddresses } from "./addresses";
import { type CertificateAndKey, CertificateSigner } from "./certificates";
import {
  admissionConfig,
  AUDIT_POLICY,
  AUTHORIZATION_CONFIG,
  encryptionConfig,
  KUBELETS_USER,
  OPERATOR_USER,
} from "./apiServerFiles";
import type { ClusterSettings } from "./clusterSettings";

/** Where the processes find the PKI: absolute paths. */
export type PkiFiles = Record<
  | "ca"
  | "caKey"
  | "aggregatorCA"
  | "etcdCA"
  | "etcdServer"
  | "etcdServerKey"
  | "etcdPeer"
  | "etcdPeerKey"
  | "etcdClient"
  | "etcdClientKey"
  | "apiServer"
  | "apiServerKey"
  | "kubeletClient"
  | "kubeletClientKey"
  | "frontProxyClient"
  | "frontProxyClientKey"
  | "serviceAccount"
  | "serviceAccountKey"
  | "encryptionConfig"
  | "admissionConfig"
  | "authorizationConfig"
  | "auditPolicy"
  | "controllerManagerKubeconfig"
  | "schedulerKubeconfig",
  string
>;

/** Credentials of a client of the API server. A secret. */
export interface ClientCredentials {
  /** URL. */
  server: string;
  ca: string;
  client: CertificateAndKey;
}

export interface Pki {
  files: PkiFiles;
  /** etcd's own client certificate, to ask it for members. */
  etcdClient: CertificateAndKey & { ca: string };
  /** Machine management of Talos: applies manifests. */
  talosAdmin: ClientCredentials;
  /** The virtual kubelets, all of them. */
  kubelets: ClientCredentials;
  /** The stand-in of Cilium's operator. */
  operator: ClientCredentials;
  /** `kubectl` of the lab: CN admin. */
  admin: ClientCredentials;
}

/** Names that the API server's certificate carries, as Talos writes them. */
export function apiServerNames(settings: ClusterSettings, node: ConfiguredNode): string[] {
  const endpointHost = new URL(settings.endpoint).hostname.replace(/^\[|\]$/g, "");
  return [
    endpointHost,
    ...settings.apiServer.certSANs,
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    `kubernetes.default.svc.${settings.dnsDomain}`,
    "localhost",
    node.hostname,
    ...serviceAddresses(settings.serviceSubnets, 1),
    node.address,
    "127.0.0.1",
  ];
}

/** Signs a serving certificate of the API server for the names of this configuration. */
async function apiServerCertificate(
  settings: ClusterSettings,
  node: ConfiguredNode,
): Promise<CertificateAndKey> {
  const signer = await CertificateSigner.from(settings.ca);
  return signer.issue({
    commonName: "kube-apiserver",
    organization: "kube-master",
    usage: "server",
    names: apiServerNames(settings, node),
  });
}

/** Replaces the API server's certificate in place: it reads the files anew when they change. */
export async function renewApiServerCertificate(
  files: PkiFiles,
  settings: ClusterSettings,
  node: ConfiguredNode,
): Promise<void> {
  const { cert, key } = await apiServerCertificate(settings, node);
  await writeFile(files.apiServerKey, key, { mode: 0o600 });
  await writeFile(files.apiServer, cert, { mode: 0o600 });
}

/**
 * Writes certificates, keys and configuration files for etcd and the control plane into `dir`.
 * Files are readable by the owner only.
 * @param server URL under which the lab itself reaches the API server.
 */
export async function writePki(
  dir: string,
  settings: ClusterSettings,
  node: ConfiguredNode,
  server: string,
): Promise<Pki> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const [kubernetes, etcd, aggregator] = await Promise.all(
    [settings.ca, settings.etcdCA, settings.aggregatorCA].map(CertificateSigner.from),
  );
  const sign = (signer: CertificateSigner | undefined) => {
    if (signer === undefined) {
      throw new Error("a certificate authority is missing");
    }
    return signer;
  };
  const client = (commonName: string, organization?: string) =>
    sign(kubernetes).issue({
      commonName,
      usage: "client",
      ...(organization === undefined ? {} : { organization }),
    });
  const etcdNames = [node.hostname, node.address, "127.0.0.1", "localhost"];
  const [
    etcdServer,
    etcdPeer,
    etcdClient,
    apiServer,
    kubeletClient,
    frontProxyClient,
    controllerManager,
    scheduler,
    talosAdmin,
    kubelets,
    operator,
    admin,
  ] = await Promise.all([
    // etcd dials itself through its gateway with the server certificate, hence both usages.
    sign(etcd).issue({ commonName: node.hostname, usage: "peer", names: etcdNames }),
    sign(etcd).issue({ commonName: node.hostname, usage: "peer", names: etcdNames }),
    sign(etcd).issue({ commonName: "kube-apiserver", usage: "client" }),
    apiServerCertificate(settings, node),
    client("apiserver-kubelet-client", "system:masters"),
    sign(aggregator).issue({ commonName: "front-proxy-client", usage: "client" }),
    client("system:kube-controller-manager", "system:kube-controller-manager"),
    client("system:kube-scheduler", "system:kube-scheduler"),
    client("talos:admin", "system:masters"),
    client(KUBELETS_USER, "system:masters"),
    client(OPERATOR_USER, "system:masters"),
    client("admin", "system:masters"),
  ]);
  const ca = [...settings.acceptedCAs, settings.ca.crt].map((pem) => `${pem.trim()}\n`).join("");
  const credentials = (pair: CertificateAndKey): ClientCredentials => ({
    server,
    ca,
    client: pair,
  });
  const serviceAccountKey = createPrivateKey(settings.serviceAccountKey);
  const contents: Record<keyof PkiFiles, string> = {
    ca,
    caKey: settings.ca.key,
    aggregatorCA: settings.aggregatorCA.crt,
    etcdCA: settings.etcdCA.crt,
    etcdServer: etcdServer.cert,
    etcdServerKey: etcdServer.key,
    etcdPeer: etcdPeer.cert,
    etcdPeerKey: etcdPeer.key,
    etcdClient: etcdClient.cert,
    etcdClientKey: etcdClient.key,
    apiServer: apiServer.cert,
    apiServerKey: apiServer.key,
    kubeletClient: kubeletClient.cert,
    kubeletClientKey: kubeletClient.key,
    frontProxyClient: frontProxyClient.cert,
    frontProxyClientKey: frontProxyClient.key,
    serviceAccount: createPublicKey(serviceAccountKey)
      .export({ type: "spki", format: "pem" })
      .toString(),
    serviceAccountKey: settings.serviceAccountKey,
    encryptionConfig: yaml(encryptionConfig(settings)),
    admissionConfig: yaml(admissionConfig(settings)),
    authorizationConfig: yaml(AUTHORIZATION_CONFIG),
    auditPolicy: yaml(AUDIT_POLICY),
    controllerManagerKubeconfig: kubeconfigOf(credentials(controllerManager), "lab"),
    schedulerKubeconfig: kubeconfigOf(credentials(scheduler), "lab"),
  };
  const files = Object.fromEntries(
    Object.keys(contents).map((name) => [name, join(dir, FILE_NAMES[name] ?? `${name}.pem`)]),
  ) as PkiFiles;
  await Promise.all(
    Object.entries(contents).map(([name, content]) =>
      writeFile(files[name as keyof PkiFiles], content, { mode: 0o600 }),
    ),
  );
  return {
    files,
    etcdClient: { ...etcdClient, ca: settings.etcdCA.crt },
    talosAdmin: credentials(talosAdmin),
    kubelets: credentials(kubelets),
    operator: credentials(operator),
    admin: credentials(admin),
  };
}

const FILE_NAMES: Partial<Record<string, string>> = {
  encryptionConfig: "encryptionConfig.yaml",
  admissionConfig: "admissionConfig.yaml",
  authorizationConfig: "authorizationConfig.yaml",
  auditPolicy: "auditPolicy.yaml",
  controllerManagerKubeconfig: "controllerManager.kubeconfig",
  schedulerKubeconfig: "scheduler.kubeconfig",
};

/** A kubeconfig for these credentials; user and context are `admin@<clusterName>`. A secret. */
export function kubeconfigOf(credentials: ClientCredentials, clusterName: string): string {
  const base64 = (value: string) => Buffer.from(value, "utf8").toString("base64");
  const user = `admin@${clusterName}`;
  return yaml({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: clusterName,
        cluster: {
          server: credentials.server,
          "certificate-authority-data": base64(credentials.ca),
        },
      },
    ],
    users: [
      {
        name: user,
        user: {
          "client-certificate-data": base64(credentials.client.cert),
          "client-key-data": base64(credentials.client.key),
        },
      },
    ],
    contexts: [{ name: user, context: { cluster: clusterName, namespace: "default", user } }],
    "current-context": user,
  });
}

function yaml(value: object): string {
  return stringify(value, { lineWidth: 0 });
}
