import type { ClusterSpecInput } from "../../../components/spec";

/** The least that a cluster can be, with the given keys in their place. */
export function minimalCluster(overrides: Partial<ClusterSpecInput> = {}): ClusterSpecInput {
  return {
    clusterName: "demo",
    clusterEndpoint: "https://10.5.0.11:6443",
    talosVersion: "v1.13.0",
    configContract: "v1.13",
    kubernetesVersion: "1.36.3",
    nodes: [
      {
        hostname: "cp-1",
        ipAddress: "10.5.0.11",
        machineType: "controlplane",
        installDisk: "/dev/sda",
      },
      {
        hostname: "worker-1",
        ipAddress: "10.5.0.21",
        machineType: "worker",
        installDisk: "/dev/sda",
      },
    ],
    cilium: { version: "1.20.0" },
    ...overrides,
  };
}
