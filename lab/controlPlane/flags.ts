import type { ClusterSettings } from "./clusterSettings";
import type { PkiFiles } from "./pki";

/** What the flags of the control plane depend on. */
export interface FlagInput {
  settings: ClusterSettings;
  files: PkiFiles;
  /** Name of the first control plane. */
  hostname: string;
  /** Loopback address of the first control plane. */
  address: string;
  apiServer: { address: string; port: number };
  etcd: { clientPort: number; peerPort: number; dataDir: string };
  auditLog: string;
}

export const ETCD_CLIENT_PORT = 2379;
export const ETCD_PEER_PORT = 2380;

/** Flag name without dashes to value; a list repeats the flag. */
export type Flags = Record<string, string | readonly string[]>;

/** `--name=value` for each flag. */
export function commandLine(flags: Flags): string[] {
  return Object.entries(flags).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).map((entry) => `--${name}=${entry}`),
  );
}

/** etcd with Talos' TLS; tuned for a laptop: nothing is synced to disk and elections are short. */
export function etcdFlags(input: FlagInput): Flags {
  const { files, address, etcd } = input;
  const peer = `https://${address}:${etcd.peerPort}`;
  const client = `https://${address}:${etcd.clientPort}`;
  return {
    name: input.hostname,
    "data-dir": etcd.dataDir,
    "listen-peer-urls": peer,
    "initial-advertise-peer-urls": peer,
    "initial-cluster": `${input.hostname}=${peer}`,
    "listen-client-urls": client,
    "advertise-client-urls": client,
    "client-cert-auth": "true",
    "cert-file": files.etcdServer,
    "key-file": files.etcdServerKey,
    "trusted-ca-file": files.etcdCA,
    "peer-client-cert-auth": "true",
    "peer-cert-file": files.etcdPeer,
    "peer-key-file": files.etcdPeerKey,
    "peer-trusted-ca-file": files.etcdCA,
    "unsafe-no-fsync": "true",
    "heartbeat-interval": "20",
    "election-timeout": "200",
    "log-level": "warn",
  };
}

/** Flags that a machine configuration cannot change: Talos refuses them too, or they are the lab's. */
const DENIED_API_SERVER_FLAGS = new Set([
  "etcd-servers",
  "client-ca-file",
  "requestheader-client-ca-file",
  "proxy-client-cert-file",
  "proxy-client-key-file",
  "encryption-provider-config",
  "etcd-cafile",
  "etcd-certfile",
  "etcd-keyfile",
  "kubelet-client-certificate",
  "kubelet-client-key",
  "service-account-key-file",
  "service-account-signing-key-file",
  "tls-cert-file",
  "tls-private-key-file",
  "authorization-config",
  "authorization-mode",
  "bind-address",
  "advertise-address",
  "secure-port",
  "audit-log-path",
  "audit-policy-file",
]);

/** kube-apiserver as Talos starts it, but on loopback and without what only a fleet needs. */
export function apiServerFlags(input: FlagInput): Flags {
  const { settings, files } = input;
  return merged(
    {
      "bind-address": input.apiServer.address,
      "secure-port": String(input.apiServer.port),
      // The `kubernetes` Endpoints cannot hold a loopback address.
      "endpoint-reconciler-type": "none",
      "admission-control-config-file": files.admissionConfig,
      "allow-privileged": "true",
      "anonymous-auth": "false",
      "api-audiences": settings.endpoint,
      "authorization-config": files.authorizationConfig,
      "client-ca-file": files.ca,
      "enable-admission-plugins": "NodeRestriction",
      "requestheader-client-ca-file": files.aggregatorCA,
      "requestheader-allowed-names": "front-proxy-client",
      "requestheader-extra-headers-prefix": "X-Remote-Extra-",
      "requestheader-group-headers": "X-Remote-Group",
      "requestheader-username-headers": "X-Remote-User",
      "proxy-client-cert-file": files.frontProxyClient,
      "proxy-client-key-file": files.frontProxyClientKey,
      "enable-bootstrap-token-auth": "true",
      "tls-min-version": "VersionTLS12",
      "encryption-provider-config": files.encryptionConfig,
      "audit-policy-file": files.auditPolicy,
      "audit-log-path": input.auditLog,
      profiling: "false",
      "etcd-cafile": files.etcdCA,
      "etcd-certfile": files.etcdClient,
      "etcd-keyfile": files.etcdClientKey,
      "etcd-servers": `https://${input.address}:${input.etcd.clientPort}`,
      "kubelet-client-certificate": files.kubeletClient,
      "kubelet-client-key": files.kubeletClientKey,
      "kubelet-preferred-address-types": "InternalIP,ExternalIP,Hostname",
      "service-account-issuer": settings.endpoint,
      "service-account-key-file": files.serviceAccount,
      "service-account-signing-key-file": files.serviceAccountKey,
      "service-cluster-ip-range": settings.serviceSubnets.join(","),
      "tls-cert-file": files.apiServer,
      "tls-private-key-file": files.apiServerKey,
      // No fleet shares this server: fairness only costs start-up time and CPU.
      "enable-priority-and-fairness": "false",
    },
    settings.apiServer.extraArgs,
    DENIED_API_SERVER_FLAGS,
    new Set(["enable-admission-plugins", "feature-gates"]),
  );
}

const DENIED_CONTROLLER_FLAGS = new Set([
  "kubeconfig",
  "authentication-kubeconfig",
  "authorization-kubeconfig",
  "bind-address",
  "secure-port",
  "leader-elect",
  "root-ca-file",
  "cluster-signing-cert-file",
  "cluster-signing-key-file",
  "service-account-private-key-file",
  "config",
]);

/** Controllers of what no lab has, by kind. Each that starts costs an account, a token and its watches. */
const IDLE_CONTROLLERS = {
  volumes: [
    ...["persistentvolume-attach-detach", "persistentvolume-binder", "persistentvolume-expander"],
    ...["persistentvolume-protection", "persistentvolumeclaim-protection", "ephemeral-volume"],
    ...["volumeattributesclass-protection"],
  ],
  devices: ["device-taint-eviction", "resourceclaim", "resourcepoolstatusrequest"],
  metrics: ["horizontal-pod-autoscaler"],
  clouds: ["cloud-node-lifecycle", "node-route", "service-lb"],
  legacy: [
    "legacy-serviceaccount-token-cleaner",
    "replicationcontroller",
    "endpointslice-mirroring",
  ],
  largeClusters: ["ttl"],
  policies: ["validatingadmissionpolicy-status"],
};

/**
 * kube-controller-manager as Talos starts it, without controllers of what no lab has; one of its kind, so it
 * elects no leader.
 */
export function controllerManagerFlags(input: FlagInput): Flags {
  const { settings, files } = input;
  return merged(
    {
      kubeconfig: files.controllerManagerKubeconfig,
      "authentication-kubeconfig": files.controllerManagerKubeconfig,
      "authorization-kubeconfig": files.controllerManagerKubeconfig,
      "authentication-tolerate-lookup-failure": "true",
      "secure-port": "0",
      "bind-address": input.address,
      "allocate-node-cidrs": "true",
      "cluster-cidr": settings.podSubnets.join(","),
      "service-cluster-ip-range": settings.serviceSubnets.join(","),
      "cluster-signing-cert-file": files.ca,
      "cluster-signing-key-file": files.caKey,
      controllers: [
        ...["*", "tokencleaner"],
        ...Object.values(IDLE_CONTROLLERS).flatMap((names) =>
          names.map((each) => `-${each}-controller`),
        ),
      ].join(","),
      "configure-cloud-routes": "false",
      "leader-elect": "false",
      "root-ca-file": files.ca,
      "service-account-private-key-file": files.serviceAccountKey,
      "use-service-account-credentials": "true",
      profiling: "false",
      // Taints follow a node's condition at once instead of after five seconds.
      "node-monitor-period": "1s",
      "kube-api-qps": "300",
      "kube-api-burst": "600",
      "min-resync-period": "12h",
    },
    settings.controllerManager.extraArgs,
    DENIED_CONTROLLER_FLAGS,
    new Set(["controllers"]),
  );
}

/** kube-scheduler as Talos starts it; one of its kind, so it elects no leader. */
export function schedulerFlags(input: FlagInput): Flags {
  const { settings, files } = input;
  return merged(
    {
      kubeconfig: files.schedulerKubeconfig,
      "authentication-kubeconfig": files.schedulerKubeconfig,
      "authorization-kubeconfig": files.schedulerKubeconfig,
      "authentication-tolerate-lookup-failure": "true",
      "secure-port": "0",
      "bind-address": input.address,
      "leader-elect": "false",
      profiling: "false",
      "kube-api-qps": "300",
      "kube-api-burst": "600",
    },
    settings.scheduler.extraArgs,
    DENIED_CONTROLLER_FLAGS,
    new Set(),
  );
}

/** Merges extra arguments the way Talos does: some add to ours, some are refused, others replace. */
function merged(
  flags: Flags,
  extraArgs: Record<string, string[]>,
  denied: ReadonlySet<string>,
  additive: ReadonlySet<string>,
): Flags {
  const result: Flags = { ...flags };
  for (const [name, values] of Object.entries(extraArgs)) {
    if (denied.has(name)) {
      continue;
    }
    const current = flags[name];
    result[name] =
      additive.has(name) && typeof current === "string" ? [current, ...values].join(",") : values;
  }
  return result;
}
