import { type ClusterSpec, type NodeSpec, parseCiliumSpec } from "../../../components/spec";

/** The smallest machine. */
export function nodeSpec(overrides: Partial<NodeSpec> = {}): NodeSpec {
  return {
    hostname: "cp-1",
    ipAddress: "10.5.0.2",
    machineType: "controlplane",
    labels: {},
    taints: {},
    networkInterfaces: [],
    configPatches: [],
    configPatchesFrom: [],
    ...overrides,
  };
}

/** A cluster of one control plane, everything else at its default. */
export function clusterSpec(overrides: Partial<ClusterSpec> = {}): ClusterSpec {
  return {
    clusterName: "demo",
    clusterEndpoint: "https://10.5.0.2:6443",
    talosVersion: "v1.13.0",
    configContract: "v1.13",
    kubernetesVersion: "1.34.4",
    podSubnets: ["10.244.0.0/16"],
    serviceSubnets: ["10.96.0.0/12"],
    dnsDomain: "cluster.local",
    nodes: [nodeSpec()],
    configPatches: [],
    controlPlaneConfigPatches: [],
    workerConfigPatches: [],
    configPatchesFrom: [],
    certSANs: [],
    allowSchedulingOnControlPlanes: false,
    kubePrism: { enabled: true, port: 7445 },
    hostDNS: { enabled: true, forwardKubeDNSToHost: true },
    registryMirrors: {},
    kubelet: { extraArgs: {}, nodeIPSubnets: [] },
    servingCertApprover: false,
    kubeProxy: false,
    bootstrapWindow: "10m",
    readyTimeout: "15m",
    applyMode: "auto",
    protect: true,
    silencedRules: [],
    cilium: parseCiliumSpec({ version: "1.20.0" }).spec!,
    ...overrides,
  };
}

/** A machine that uses every field. */
export function fullNodeSpec(overrides: Partial<NodeSpec> = {}): NodeSpec {
  return nodeSpec({
    endpoint: "talos.example.org:50001",
    diskSelector: { size: ">= 100GB", type: "nvme" },
    schematicId: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    labels: { "topology.kubernetes.io/zone": "a", "example.org/flag": "true" },
    taints: { "example.org/dedicated": "storage:NoSchedule" },
    networkInterfaces: [
      {
        interface: "eth0",
        addresses: ["10.5.0.2/24"],
        mtu: 9000,
        routes: [{ network: "0.0.0.0/0", gateway: "10.5.0.1", metric: 1024 }],
        vlans: [{ vlanId: 20, addresses: ["10.20.0.2/24"] }],
        vip: { ip: "10.5.0.100" },
      },
      { deviceSelector: { hardwareAddr: "00:11:22:*" }, dhcp: true },
    ],
    ...overrides,
  });
}

/** A cluster that uses every field that ends in a machine's configuration. */
export function fullClusterSpec(overrides: Partial<ClusterSpec> = {}): ClusterSpec {
  return clusterSpec({
    podSubnets: ["10.42.0.0/16", "fd00:42::/56"],
    serviceSubnets: ["10.43.0.0/16", "fd00:43::/112"],
    dnsDomain: "demo.internal",
    certSANs: ["api.example.org", "10.5.0.2"],
    allowSchedulingOnControlPlanes: true,
    kubePrism: { enabled: true, port: 7446 },
    hostDNS: { enabled: true, forwardKubeDNSToHost: false },
    kubeSpan: { mtu: 1380, allowDownPeerBypass: true },
    registryMirrors: {
      "docker.io": { endpoints: ["https://mirror.example.org/v2/docker"], overridePath: true },
      "ghcr.io": { endpoints: ["http://10.5.0.9:5000"], skipFallback: true },
    },
    kubelet: { extraArgs: { "max-pods": "200" }, nodeIPSubnets: ["10.5.0.0/24"] },
    ...overrides,
  });
}
