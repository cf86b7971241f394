import { minorNumber } from "./minorNumber";

/** A key that an older chart knew, and what became of it. */
export interface RemovedKey {
  /** `bgp` stands for all below it. */
  readonly path: string;
  /** The minor without it. */
  readonly since: string;
  /** What to write instead. */
  readonly fix: string;
  /** What it switched on has come with the replacement of kube-proxy since. */
  readonly impliedByReplacement?: true;
}

const NOTHING = "remove it: it has no successor";

/** Keys that public guides still carry. The chart ignores some of them, others end the render. */
export const removedKeys: readonly RemovedKey[] = [
  {
    path: "tunnel",
    since: "1.15",
    fix: "set routingMode to tunnel or native, and tunnelProtocol to vxlan or geneve",
  },
  { path: "clustermesh.apiserver.tls.ca", since: "1.15", fix: "set tls.ca.cert and tls.ca.key" },
  { path: "enableK8sEventHandover", since: "1.15", fix: NOTHING },
  { path: "enableCnpStatusUpdates", since: "1.15", fix: NOTHING },
  { path: "encryption.keyFile", since: "1.16", fix: "set encryption.ipsec.keyFile" },
  { path: "encryption.mountPath", since: "1.16", fix: "set encryption.ipsec.mountPath" },
  { path: "encryption.secretName", since: "1.16", fix: "set encryption.ipsec.secretName" },
  { path: "encryption.interface", since: "1.16", fix: "set encryption.ipsec.interface" },
  { path: "proxy.prometheus", since: "1.16", fix: "set envoy.prometheus.enabled and .port" },
  { path: "endpointStatus", since: "1.16", fix: NOTHING },
  { path: "remoteNodeIdentity", since: "1.16", fix: NOTHING },
  { path: "containerRuntime.integration", since: "1.16", fix: NOTHING },
  { path: "etcd.managed", since: "1.16", fix: NOTHING },
  { path: "egressGateway.installRoutes", since: "1.16", fix: NOTHING },
  {
    path: "bgp",
    since: "1.17",
    fix: "set bgpControlPlane.enabled and create CiliumBGPClusterConfig objects",
  },
  { path: "encryption.wireguard.userspaceFallback", since: "1.17", fix: NOTHING },
  { path: "loadBalancer.experimental", since: "1.18", fix: NOTHING },
  { path: "l2NeighDiscovery.refreshPeriod", since: "1.18", fix: NOTHING },
  { path: "externalWorkloads", since: "1.18", fix: NOTHING },
  { path: "enableCiliumEndpointSlice", since: "1.18", fix: "set ciliumEndpointSlice.enabled" },
  { path: "ciliumEndpointSlice.sliceMode", since: "1.18", fix: NOTHING },
  {
    path: "ipam.operator.clusterPoolIPv4PodCIDR",
    since: "1.14",
    fix: "set ipam.operator.clusterPoolIPv4PodCIDRList, a list",
  },
  {
    path: "ipam.operator.clusterPoolIPv6PodCIDR",
    since: "1.14",
    fix: "set ipam.operator.clusterPoolIPv6PodCIDRList, a list",
  },
  { path: "sessionAffinity", since: "1.19", fix: NOTHING },
  { path: "clustermesh.enableMCSAPISupport", since: "1.20", fix: "set clustermesh.mcsapi.enabled" },
  {
    path: "l2podAnnouncements.interface",
    since: "1.19",
    fix: "set l2podAnnouncements.interfacePattern, a regular expression",
  },
  ...["enabled", "cidr", "allowRemoteNodeIdentities"].map((key) => ({
    path: `encryption.strictMode.${key}`,
    since: "1.20",
    fix: `set encryption.strictMode.egress.${key}`,
  })),
  ...Object.entries({
    "externalIPs.enabled": "1.17",
    "hostPort.enabled": "1.18",
    "nodePort.enabled": "1.19",
  }).map(([path, since]) => ({
    path,
    since,
    fix: "remove it: kubeProxyReplacement, and nothing else, switches it on",
    impliedByReplacement: true as const,
  })),
  { path: "clustermesh.apiserver.tls.client", since: "1.19", fix: NOTHING },
  { path: "clustermesh.apiserver.tls.enableSecrets", since: "1.20", fix: NOTHING },
  ...["server", "admin", "remote"].flatMap((name) =>
    ["cert", "key"].map((key) => ({
      path: `clustermesh.apiserver.tls.${name}.${key}`,
      since: "1.20",
      fix: `put it into the Secret clustermesh-apiserver-${name}-cert (tls.crt, tls.key)`,
    })),
  ),
  { path: "encryption.ipsec.encryptedOverlay", since: "1.20", fix: NOTHING },
  { path: "hubble.redact.kafka", since: "1.20", fix: NOTHING },
];

/** What became of this key in the chart of this version; undefined where it was not removed. */
export function removedKey(path: string, version: string): RemovedKey | undefined {
  return removedKeys.find(
    (removed) =>
      (path === removed.path || path.startsWith(`${removed.path}.`)) &&
      minorNumber(version) >= minorNumber(removed.since),
  );
}

/** Whether removed keys stand below this one. */
export function holdsRemovedKey(path: string): boolean {
  return removedKeys.some((removed) => removed.path.startsWith(`${path}.`));
}
