import type { Problem } from "../problems";
import type { CiliumSpec } from "../spec";
import type { ChartValues, Platform } from "../values";

/** What has to be done on machines that the program does not configure. */
export interface PlatformNotes {
  readonly name: Platform;
  /** Arguments of `k3s server`: without them K3s brings a CNI of its own. */
  readonly serverFlags: readonly string[];
  /** Shell lines as root on each node, before K3s is stopped or uninstalled: its scripts leave Cilium. */
  readonly cleanUp: readonly string[];
}

/** Links, rules and files that Cilium leaves on a node. */
const CLEAN_UP: readonly string[] = [
  ...["cilium_host", "cilium_net", "cilium_vxlan", "cilium_wg0"].map(
    (link) => `ip link delete ${link} 2>/dev/null || true`,
  ),
  "iptables-save | grep -iv cilium | iptables-restore",
  "ip6tables-save | grep -iv cilium | ip6tables-restore",
  "rm -rf /etc/cni/net.d/*cilium* /sys/fs/bpf/cilium /sys/fs/bpf/tc/globals/cilium_*",
];

/** What a platform wants of its machines; undefined where the program sees to it, or does not know. Pure. */
export function platformNotes(
  platform: Platform | undefined,
  values: ChartValues,
  podSubnets?: readonly string[],
): PlatformNotes | undefined {
  if (platform !== "k3s") return undefined;
  const serverFlags = [
    "--flannel-backend=none",
    "--disable-network-policy",
    ...(String(values["kubeProxyReplacement"]) === "true" ? ["--disable-kube-proxy"] : []),
    "--disable=servicelb",
    ...(podSubnets ? [`--cluster-cidr=${podSubnets.join(",")}`] : []),
  ];
  return { name: platform, serverFlags, cleanUp: CLEAN_UP };
}

/** What holds on Talos only. Pure. */
export function platformProblems(cilium: CiliumSpec, platform: Platform = "talos"): Problem[] {
  if (platform === "talos" || !cilium.hostFirewall) return [];
  return [
    {
      id: "platform-host-firewall",
      propertyPath: "cilium.hostFirewall",
      reason: `it keeps Talos' ports open and no others, so machines of platform ${platform} would lose SSH with the first policy`,
      fix: "set hostFirewall.enabled in cilium.values, and make policies of your own",
    },
  ];
}
