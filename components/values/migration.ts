import type { CiliumSpec } from "../spec";
import type { ChartValues } from "./chartValues";

/**
 * What a migration needs, whatever else is said: addresses from a pool of Cilium's own for good and,
 * until it is done, agents that leave every pod to Flannel.
 */
export function migrationValues(migration: CiliumSpec["migration"]): ChartValues {
  if (!migration) return {};
  const ipam = {
    mode: "cluster-pool",
    operator: { clusterPoolIPv4PodCIDRList: migration.podSubnets },
  };
  if (migration.stage === "done") return { ipam };
  return {
    ipam,
    // The agent writes no CNI configuration, but on nodes that a CiliumNodeConfig names.
    cni: { customConf: true, uninstall: false },
    // A policy would drop what comes from pods of Flannel, whom Cilium does not know.
    policyEnforcementMode: "never",
    // Packets between the two networks go by the routes of the host.
    bpf: { hostLegacyRouting: true, masquerade: false },
    // It would restart pods that Cilium does not manage: all of Flannel's.
    operator: { unmanagedPodWatcher: { restart: false } },
    kubeProxyReplacement: false,
  };
}
