import assert from "node:assert/strict";

import type { ChartValues, DataPathContext } from "../../../components/values";
import { checkDataPath, minorNumber } from "../../../components/values";
import { dataPathRules } from "../../../components/values/dataPathRules";
import { mergeValues } from "../../../components/values/chartValues";

interface Case {
  readonly id: string;
  /** Values that break the rule. */
  readonly breaks: ChartValues;
  /** The same, but for what the message says to change. */
  readonly holds: ChartValues;
  readonly version?: string;
  readonly context?: Partial<DataPathContext>;
}

const kpr = { kubeProxyReplacement: true };
const encrypted = (type: string, others: ChartValues = {}) => ({
  encryption: { enabled: true, type, ...others },
});
const strict = (egress: ChartValues, ingress = false) =>
  encrypted("wireguard", {
    strictMode: { egress: { enabled: true, ...egress }, ingress: { enabled: ingress } },
  });
const cidr = "10.244.0.0/16";
const native = {
  routingMode: "native",
  autoDirectNodeRoutes: true,
  ipv4NativeRoutingCIDR: cidr,
};
const fromPool = {
  routingMode: "native",
  autoDirectNodeRoutes: true,
  nativeRoutingCIDRFromClusterPool: true,
};
const ebpf = { bpf: { masquerade: true, hostLegacyRouting: false } };

const cases: readonly Case[] = [
  {
    id: "encryption-strict-mode",
    breaks: strict({ allowRemoteNodeIdentities: true }),
    holds: strict({ allowRemoteNodeIdentities: true, cidr }),
  },
  {
    id: "encryption-strict-mode",
    breaks: strict({ cidr }),
    holds: { ...strict({ cidr }), ...native },
  },
  {
    id: "encryption-strict-mode",
    version: "1.18.12",
    breaks: encrypted("ipsec", {
      strictMode: { enabled: true, cidr, allowRemoteNodeIdentities: true },
    }),
    holds: encrypted("wireguard", {
      strictMode: { enabled: true, cidr, allowRemoteNodeIdentities: true },
    }),
  },
  {
    id: "encryption-strict-mode",
    version: "1.19.6",
    breaks: encrypted("wireguard", { strictMode: { enabled: true, cidr } }),
    holds: encrypted("wireguard", {
      strictMode: { enabled: true, cidr, allowRemoteNodeIdentities: true },
    }),
  },
  {
    id: "encryption-strict-mode",
    version: "1.19.6",
    breaks: { ...strict({ cidr }, true), ...native },
    holds: strict({ cidr, allowRemoteNodeIdentities: true }, true),
  },
  {
    id: "encryption-node",
    breaks: encrypted("wireguard", { nodeEncryption: true }),
    holds: encrypted("wireguard", { nodeEncryption: false }),
  },
  {
    id: "ipsec-host-firewall",
    breaks: { ...encrypted("ipsec"), hostFirewall: { enabled: true } },
    holds: { ...encrypted("wireguard"), hostFirewall: { enabled: true } },
  },
  {
    id: "ipsec-netkit",
    breaks: { ...encrypted("ipsec"), bpf: { ...ebpf.bpf, datapathMode: "netkit" } },
    holds: { ...encrypted("ipsec"), bpf: { datapathMode: "veth" } },
  },
  {
    id: "ipsec-bandwidth-manager",
    breaks: { ...encrypted("ipsec"), bandwidthManager: { enabled: true } },
    holds: { ...encrypted("wireguard"), bandwidthManager: { enabled: true } },
  },
  {
    id: "native-routing-cidr",
    breaks: { routingMode: "native", autoDirectNodeRoutes: true },
    holds: native,
  },
  {
    id: "native-routing-cidr",
    breaks: { ...fromPool, ipam: { mode: "kubernetes" } },
    holds: { ...fromPool, ipam: { mode: "cluster-pool" } },
  },
  {
    id: "native-routing-cidr-pods",
    context: { podSubnets: ["10.244.0.0/16"] },
    breaks: { ...native, ipv4NativeRoutingCIDR: "10.245.0.0/16" },
    holds: { ...native, ipv4NativeRoutingCIDR: "10.0.0.0/8" },
  },
  ...[
    { path: "ipv4NativeRoutingCIDR", wrong: "fd00:10:244::/56", right: cidr },
    { path: "ipv6NativeRoutingCIDR", wrong: "10.244.0.0", right: "fd00:10:244::/56" },
  ].map(({ path, wrong, right }) => ({
    id: "chart-value-cidr",
    breaks: { ...native, [path]: wrong },
    holds: { ...native, [path]: right },
  })),
  ...[
    { family: "IPv4", wrong: [cidr, "10.300.0.0/16"], right: `${cidr} 10.245.0.0/16` },
    { family: "IPv6", wrong: cidr, right: ["fd00:10:244::/56"] },
  ].map(({ family, wrong, right }) => {
    const pool = (list: unknown) => ({
      ipv6: { enabled: true },
      ipam: { operator: { [`clusterPool${family}PodCIDRList`]: list } },
    });
    return { id: "chart-value-cidr", breaks: pool(wrong), holds: pool(right) };
  }),
  ...[
    { ipv4: { cidrs: ["10.10.0.0/33"] } },
    { ipv6: { cidrs: ["10.10.0.0/16"] } },
    { ipv4: { cidrs: ["10.10.0.0/16"], maskSize: 8 } },
  ].map((other) => {
    const pools = (named: object) => ({
      ipam: { mode: "multi-pool", operator: { autoCreateCiliumPodIPPools: named } },
    });
    const right = { default: { ipv4: { cidrs: ["10.10.0.0/16"], maskSize: 24 } } };
    return { id: "chart-value-cidr", breaks: pools({ ...right, other }), holds: pools(right) };
  }),
  {
    id: "chart-value-cidr",
    version: "1.18.12",
    breaks: encrypted("wireguard", {
      strictMode: { enabled: true, cidr: "fd00::/8", allowRemoteNodeIdentities: true },
    }),
    holds: encrypted("wireguard", { strictMode: { cidr: "fd00::/8" } }),
  },
  {
    id: "chart-value-cidr",
    breaks: strict({ allowRemoteNodeIdentities: true, cidr: "fd00::/8" }),
    holds: strict({ allowRemoteNodeIdentities: true, cidr }),
  },
  { id: "direct-routes", breaks: { autoDirectNodeRoutes: true }, holds: native },
  {
    id: "direct-routes-missing",
    breaks: { ...native, autoDirectNodeRoutes: false },
    holds: { ...native, autoDirectNodeRoutes: false, bgpControlPlane: { enabled: true } },
  },
  {
    id: "direct-routes-skip",
    breaks: { directRoutingSkipUnreachable: true },
    holds: { ...native, directRoutingSkipUnreachable: true },
  },
  {
    id: "no-conntrack-rules",
    breaks: { installNoConntrackIptablesRules: true },
    holds: { ...native, installNoConntrackIptablesRules: true },
  },
  { id: "host-routing", breaks: { bpf: { hostLegacyRouting: false } }, holds: ebpf },
  {
    id: "bpf-masquerade",
    breaks: { kubeProxyReplacement: false, bpf: { masquerade: true } },
    holds: { bpf: { masquerade: true } },
  },
  {
    id: "ip-masq-agent",
    breaks: { ipMasqAgent: { enabled: true } },
    holds: { ipMasqAgent: { enabled: true }, bpf: { masquerade: true } },
  },
  {
    id: "bbr-bandwidth-manager",
    breaks: { ...ebpf, bandwidthManager: { bbr: true } },
    holds: { ...ebpf, bandwidthManager: { enabled: true, bbr: true } },
  },
  {
    id: "bbr-host-routing",
    breaks: { bandwidthManager: { enabled: true, bbr: true } },
    holds: { bandwidthManager: { enabled: true, bbr: true, bbrHostNamespaceOnly: true } },
  },
  {
    id: "netkit-host-routing",
    breaks: { bpf: { datapathMode: "netkit" } },
    holds: { bpf: { ...ebpf.bpf, datapathMode: "netkit" } },
  },
  {
    id: "netkit-tproxy",
    version: "1.18.12",
    breaks: { bpf: { ...ebpf.bpf, datapathMode: "netkit", tproxy: true } },
    holds: { bpf: { ...ebpf.bpf, datapathMode: "netkit" } },
  },
  {
    id: "big-tcp",
    breaks: { ...ebpf, enableIPv4BIGTCP: true },
    holds: { ...ebpf, ...native, enableIPv4BIGTCP: true },
  },
  {
    id: "big-tcp",
    version: "1.18.12",
    breaks: { ...ebpf, ...native, ...encrypted("wireguard"), enableIPv4BIGTCP: true },
    holds: { ...ebpf, ...native, enableIPv4BIGTCP: true },
  },
  {
    id: "big-tcp",
    breaks: { ...native, enableIPv4BIGTCP: true },
    holds: { ...native, ...ebpf, enableIPv4BIGTCP: true },
  },
  {
    id: "big-tcp",
    breaks: { ...native, ...ebpf, enableIPv6BIGTCP: true },
    holds: { ...native, ...ebpf, enableIPv6BIGTCP: true, ipv6: { enabled: true } },
  },
  {
    id: "load-balancer-kube-proxy",
    breaks: { kubeProxyReplacement: false, loadBalancer: { algorithm: "maglev" } },
    holds: { loadBalancer: { algorithm: "maglev" } },
  },
  {
    id: "load-balancer-kube-proxy",
    breaks: { kubeProxyReplacement: false, loadBalancer: { acceleration: "native" } },
    holds: { kubeProxyReplacement: false, loadBalancer: { acceleration: "disabled" } },
  },
  {
    id: "dsr-tunnel",
    breaks: { loadBalancer: { mode: "dsr" } },
    holds: { ...native, loadBalancer: { mode: "dsr" } },
  },
  {
    id: "dsr-geneve",
    breaks: { loadBalancer: { mode: "dsr", dsrDispatch: "geneve" } },
    holds: { tunnelProtocol: "geneve", loadBalancer: { mode: "dsr", dsrDispatch: "geneve" } },
  },
  {
    id: "maglev-table-size",
    breaks: { maglev: { tableSize: 65536 } },
    holds: { maglev: { tableSize: 65521 } },
  },
  {
    id: "local-redirect-kube-proxy",
    breaks: { kubeProxyReplacement: false, localRedirectPolicies: { enabled: true } },
    holds: { localRedirectPolicies: { enabled: true } },
  },
  {
    id: "local-redirect-kube-proxy",
    breaks: {
      kubeProxyReplacement: false,
      localRedirectPolicies: { enabled: true },
      socketLB: { enabled: false },
    },
    holds: {
      kubeProxyReplacement: false,
      localRedirectPolicies: { enabled: true },
      socketLB: { enabled: true },
    },
  },
  {
    id: "kubespan-node-encryption",
    context: { kubeSpan: { mtu: 1420 } },
    breaks: encrypted("wireguard", { nodeEncryption: true }),
    holds: encrypted("wireguard"),
  },
  {
    id: "kubespan-native-routing",
    context: { kubeSpan: { mtu: 1420 } },
    breaks: native,
    holds: { routingMode: "tunnel" },
  },
  {
    id: "kubespan-host-routing",
    context: { kubeSpan: { mtu: 1420 } },
    breaks: ebpf,
    holds: { bpf: { hostLegacyRouting: true, masquerade: true } },
  },
  {
    id: "kubespan-mtu",
    context: { kubeSpan: { mtu: 1420 } },
    breaks: { MTU: 1500 },
    holds: { MTU: 1420 },
  },
  ...[
    { talos: "v1.8.0", values: { bpf: { ...ebpf.bpf, datapathMode: "netkit" } } },
    { talos: "v1.6.0", values: { ...native, ...ebpf, enableIPv4BIGTCP: true } },
  ].map(({ talos, values }) => ({
    id: "kernel",
    context: { talosVersion: talos },
    breaks: values,
    holds: { bpf: {} },
  })),
];

describe("dataPathRules (what is said of values; that agents refuse them is upstream's word)", () => {
  const idsOf = (values: ChartValues, { version = "1.20.0", context }: Case) => {
    const { problems, warnings } = checkDataPath(mergeValues(kpr, values), values, {
      minor: minorNumber(version),
      ...context,
    });
    return [...problems, ...warnings].map(({ id }) => id);
  };

  for (const [index, each] of cases.entries()) {
    it(`${each.id} (${index}) is said of ${JSON.stringify(each.breaks)}`, () => {
      assert.deepEqual(idsOf(each.breaks, each), [each.id]);
    });

    it(`nothing is said of ${JSON.stringify(each.holds)} (${index})`, () => {
      assert.deepEqual(idsOf(each.holds, each), []);
    });
  }

  it("lets arriving traffic be judged with native routing from Cilium 1.20 on", () => {
    const values = { ...kpr, ...strict({ cidr }, true), ...native };
    assert.deepEqual(checkDataPath(values, values, { minor: 20 }).problems, []);
  });

  it("asks nothing of the kernel of a Talos that has it, or that nobody named", () => {
    const values = { ...kpr, ...ebpf, ...native, enableIPv4BIGTCP: true };
    for (const talosVersion of ["v1.9.0", "v1.14.0", "v1.99.0", undefined]) {
      assert.deepEqual(checkDataPath(values, values, { minor: 20, talosVersion }).problems, []);
    }
  });

  it("has a case for each row of the rules", () => {
    const said = (values: ChartValues, { version = "1.20.0", context }: Case) =>
      dataPathRules.filter(({ breaks }) =>
        breaks(mergeValues(kpr, values), { minor: minorNumber(version), ...context }),
      );
    const fired = new Set(cases.flatMap((each) => said(each.breaks, each)));
    assert.deepEqual(
      // Rows about a kernel differ in a number only, and most are older than any Talos.
      dataPathRules
        .filter((rule) => !fired.has(rule) && rule.id !== "kernel")
        .map(({ id, reason }) => `${id}: ${reason}`),
      [],
    );
  });

  it("names what a user asked for where the clash is with what nobody wrote", () => {
    const values = { ...kpr, ...native, enableIPv4BIGTCP: true };
    const [typed] = checkDataPath(values, {}, { minor: 20 }).problems;
    const [raw] = checkDataPath(values, { enableIPv4BIGTCP: true }, { minor: 20 }).problems;
    assert.equal(typed?.propertyPath, "cilium.datapath.bigTCP");
    assert.equal(raw?.propertyPath, "cilium.values.enableIPv4BIGTCP");
    assert.equal(raw?.got, true);
  });

  it("names the user's key where they gave it, and ours where not", () => {
    const values = { ...encrypted("ipsec"), hostFirewall: { enabled: true } };
    const [ours] = checkDataPath(values, {}, { minor: 20 }).problems;
    const [theirs] = checkDataPath(values, values, { minor: 20 }).problems;
    assert.equal(ours?.propertyPath, "cilium.hostFirewall");
    assert.equal(theirs?.propertyPath, "cilium.values.hostFirewall.enabled");
  });
});
