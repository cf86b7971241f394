import type { ClusterSpec } from "./schema";

/**
 * Whether CoreDNS asks the resolver of its machine. One input decides: eBPF host routing loses the
 * resolver's answers, so with `cilium.datapath.hostRouting: ebpf` it does not; where nothing is said it does.
 */
export function forwardsKubeDNS({
  hostDNS,
  cilium,
}: Pick<ClusterSpec, "hostDNS" | "cilium">): boolean {
  const isLost = cilium.datapath?.hostRouting === "ebpf";
  return hostDNS.enabled && (hostDNS.forwardKubeDNSToHost ?? !isLost);
}
