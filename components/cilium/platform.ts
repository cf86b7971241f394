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

/** Takes Cilium's filters off `$link` in the direction `$way`, and leaves those of others. */
const DETACH = [
  'tc filter show dev "${link##*/}" "$way" 2>/dev/null',
  String.raw`sed -n 's/.* pref \([0-9]*\) bpf .* cil_.*/\1/p'`,
  'while read -r pref; do tc filter delete dev "${link##*/}" "$way" pref "$pref"; done || true',
].join(" | ");

/**
 * Removes links, programs, rules and files that Cilium leaves on a node. Before Linux 6.6 its programs are
 * filters of tc, which stay on the host's own links: without their maps they drop every packet, so they go
 * first, and where tc is missing the maps stay.
 */
const CLEAN_UP: readonly string[] = [
  // A host may have no iptables but the one that K3s brought.
  'bin="${K3S_DATA_DIR:-/var/lib/rancher/k3s}/data/current/bin"; PATH="$PATH:$bin:$bin/aux"',
  'for link in /sys/class/net/cilium_*; do ip link delete "${link##*/}" 2>/dev/null || true; done',
  `for link in /sys/class/net/*; do for way in ingress egress; do ${DETACH}; done; done`,
  "tc -V && rm -rf /sys/fs/bpf/cilium /sys/fs/bpf/tc/globals/cilium_*",
  "iptables-save | grep -iv cilium | iptables-restore",
  "ip6tables-save | grep -iv cilium | ip6tables-restore",
  // Configurations of others, which Cilium set aside.
  'for file in /etc/cni/net.d/*.cilium_bak; do mv "$file" "${file%.cilium_bak}" 2>/dev/null || true; done',
  "rm -f /etc/cni/net.d/*cilium*",
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
