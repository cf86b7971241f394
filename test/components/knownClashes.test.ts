import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { knownRules } from "../../components/silencing";

/** What Cilium, Talos and Kubernetes are known not to do together, and the rule that says so. */
const CLASHES: readonly (readonly [clash: string, rule: string])[] = [
  ["a word that kubeProxyReplacement does not take", "chart-value-word"],
  ["kube-proxy beside its replacement", "kube-proxy-twice"],
  ["neither kube-proxy nor its replacement", "no-kube-proxy"],
  ["a replacement that is told no API server", "no-api-server"],
  ["an address of the API server without a port", "api-server-port"],
  ["KubePrism off, and agents pointed at it", "kube-prism-off"],
  ["KubePrism at another port", "kube-prism-port"],
  ["KubePrism by IPv6", "kube-prism-ipv6"],
  ["KubePrism by a name that may be IPv6", "kube-prism-by-name"],
  ["DSR through tunnels that are not Geneve", "dsr-tunnel"],
  ["Geneve dispatch without Geneve tunnels", "dsr-geneve"],
  ["load balancing that only kube-proxy does", "load-balancer-kube-proxy"],
  ["Maglev with a size that is no prime of the list", "maglev-table-size"],
  ["Gateway API beside kube-proxy", "gateway-without-replacement"],
  ["Gateway API with CRDs that do not fit", "gateway-crds"],
  ["Gateway API of a release that breaks it", "gateway-api-broken"],
  ["Gateway API of a release that nobody tested", "gateway-api-untested"],
  ["a Gateway that gets no address", "gateway-without-address"],
  ["a gateway on the host without its capability", "gateway-host-network-capability"],
  ["host namespace balancing off beside Gateway API", "gateway-host-namespace"],
  ["Ingress beside kube-proxy", "ingress-without-replacement"],
  ["an Ingress that gets no address", "ingress-without-address"],
  ["an Ingress on a low port without its capability", "ingress-host-network-capability"],
  ["Envoy configuration beside kube-proxy", "envoy-config-without-replacement"],
  ["Envoy configuration without Envoy", "envoy-config-without-proxy"],
  ["a capability that Envoy keeps and does not have", "envoy-capability-half"],
  ["Hubble's UI without its relay", "hubble-parts"],
  ["Hubble's UI at the chart's example", "hubble-ui-example-host"],
  ["Hubble's UI in clear", "hubble-ui-in-clear"],
  ["private keys that each render changes", "generated-keys"],
  ["a method for certificates that something else makes", "hubble-tls-method"],
  ["Hubble's metrics without Hubble", "hubble-metrics-without-hubble"],
  ["Hubble's monitor without its CRD", "hubble-monitor-crds"],
  ["monitors whose CRD is not there", "service-monitor-crds"],
  ["a monitor of what has no metrics", "agent-monitor-without-metrics"],
  ["relay and UI that no node takes", "nowhere-to-schedule"],
  ["L2 announcements beside kube-proxy", "l2-without-replacement"],
  ["L2 announcements of IPv6 before 1.19", "l2-without-ipv4"],
  ["a lease that runs out before it is renewed", "l2-lease-order"],
  ["L2 announcements with too few requests", "l2-rate-limit"],
  ["L2 announcements of Services with a local policy", "l2-local-traffic"],
  ["L2 announcements that no node makes", "l2-no-node"],
  ["a pool that nothing announces", "pool-unreachable"],
  ["addresses of pools while LB-IPAM is off", "default-lb-ipam-off"],
  ["addresses of nodes while node IPAM is off", "node-ipam-off"],
  ["BGP without an IPv4 router id", "bgp-router-id-ipv6"],
  ["router ids of a pool that is not there", "bgp-router-id-pool"],
  ["BGP kinds that are gone", "bgp-peering-policy"],
  ["strict encryption that drops nothing", "encryption-strict-mode"],
  ["IPsec without its key", "ipsec-key"],
  ["IPsec beside netkit", "ipsec-netkit"],
  ["IPsec beside the host firewall", "ipsec-host-firewall"],
  ["IPsec beside the bandwidth manager", "ipsec-bandwidth-manager"],
  ["node encryption beside KubeSpan", "kubespan-node-encryption"],
  ["KubeSpan beside eBPF host routing", "kubespan-host-routing"],
  ["packets that do not fit into KubeSpan", "kubespan-mtu"],
  ["BBR without the bandwidth manager", "bbr-bandwidth-manager"],
  ["BBR beside the host's routing", "bbr-host-routing"],
  ["netkit beside the host's routing", "netkit-host-routing"],
  ["a feature that the kernel of Talos has not", "kernel"],
  ["native routing without its network", "native-routing-cidr"],
  ["a network that is none, or of the other family", "chart-value-cidr"],
  ["routes between nodes in tunnels", "direct-routes"],
  ["native routing that nobody routes", "direct-routes-missing"],
  ["no connection tracking in tunnels", "no-conntrack-rules"],
  ["eBPF masquerading beside kube-proxy", "bpf-masquerade"],
  ["the masquerading agent without eBPF", "ip-masq-agent"],
  ["host DNS beside eBPF host routing", "host-dns-masquerade"],
  ["the host firewall beside IPv6 masquerading in eBPF", "host-firewall-ipv6-masquerade"],
  ["policies that never are enforced", "policy-never"],
  ["keys of another encryption", "encryption-unused"],
  ["a host policy that locks apid out", "host-policy-locks-out"],
  ["an FQDN rule without a DNS rule", "fqdn-without-dns"],
  ["an egress gateway without eBPF masquerading", "egress-gateway-without-masquerade"],
  ["an egress gateway beside kube-proxy", "egress-gateway-without-replacement"],
  ["an egress gateway without CRD identities", "egress-gateway-identities"],
  ["an egress gateway beside endpoint slices", "egress-gateway-endpoint-slices"],
  ["an egress gateway in a mesh", "egress-gateway-mesh"],
  ["a mesh without an id", "mesh-without-id"],
  ["an id beyond what identities hold", "cluster-id-range"],
  ["a mesh with itself", "mesh-with-itself"],
  ["an ingress firewall of Talos that keeps tunnels out", "ingress-firewall-closed"],
  ["networks of a mesh that overlap", "mesh-subnets"],
  ["tunnels over an IP family that is off", "tunnel-underlay"],
  ["an IP family of agents that no pod has", "pod-family-missing"],
  ["an IP family of pods that agents do not serve", "pod-family-off"],
  ["an ingress firewall of Talos that keeps tunnels out", "ingress-firewall-closed"],
  ["clusters of a mesh with different data paths", "mesh-data-path"],
  ["clusters of a mesh with a key of IPsec each", "mesh-ipsec-key"],
  ["a second operator on one node", "operator-replicas-pending"],
  ["an operator that no node takes", "operator-nowhere"],
  ["an operator for labels that no node has", "operator-selector"],
  ["no operator", "operator-off"],
  ["policies for everything before there is one", "policy-always"],
  ["the chart's own pool of pod addresses", "pool-unset"],
  ["a chained CNI whose file Cilium moves", "chaining-exclusive"],
  ["a capability that Talos gives to nothing", "talos-capability"],
  ["a list of capabilities that lacks some", "agent-capability-missing"],
  ["a second mount of cgroup v2, node init", "talos-value"],
  ["cgroup v2 elsewhere", "cgroup-root"],
  ["privileged pods outside of kube-system", "namespace-override"],
  ["SPIRE in a namespace that forbids it", "spire-namespace"],
  ["serving certificates that nobody approves", "serving-cert-approver"],
  ["manifests that differ between control planes", "manifests-differ"],
  ["keys that a chart ignores", "unknown-chart-key"],
  ["keys that are gone", "removed-chart-key"],
  ["keys that what replaces kube-proxy makes idle", "implied-chart-key"],
  ["keys that go", "deprecated-chart-key"],
  ["values that end the render", "chart-value-refused"],
  ["Talos with a Kubernetes that it does not run", "talos-kubernetes"],
  ["Cilium with a Kubernetes that nobody tested", "cilium-kubernetes-untested"],
  ["a jump over a minor", "version-jump"],
  ["an older Kubernetes", "version-downgrade"],
  ["Kubernetes before the Cilium that it needs", "upgrade-order"],
  ["another id or name in a mesh under pods that run", "mesh-member-changed"],
  ["a mesh that pods which run do not know of", "mesh-joined"],
];

const FIXTURES = path.resolve(__dirname, "../fixtures");

/** Ids of the rules that a file under `test/fixtures` fails at; its name is the fault. */
function rulesWithFixture(): Set<string> {
  const texts = (folder: string, end: string) =>
    readdirSync(path.join(FIXTURES, folder))
      .filter((file) => file.endsWith(end))
      .map((file) => readFileSync(path.join(FIXTURES, folder, file), "utf8"));
  const said = [...texts("invalid", ".txt"), ...texts("valid", ".warnings.txt")];
  const named = ["values", "dataPath", "chart", "upgrades", "gatewayCRDs"].flatMap((each) =>
    texts(each, ".yaml"),
  );
  return new Set([
    ...said.flatMap((text) =>
      Array.from(text.matchAll(/^- .* \[([a-z0-9-]+)\]$/gm), ([, id]) => id!),
    ),
    ...named.flatMap((text) => /^rule: ([a-z0-9-]+)$/m.exec(text)?.[1] ?? []),
  ]);
}

describe("known clashes (that a rule is there; what it says is its fixture's)", () => {
  it("each have a rule", () => {
    const missing = CLASHES.filter(([, rule]) => !knownRules().has(rule));
    assert.deepEqual(missing, []);
  });

  it("each have a fixture whose name is the fault", () => {
    const rules = rulesWithFixture();
    const missing = CLASHES.filter(([, rule]) => !rules.has(rule));
    assert.deepEqual(missing, []);
  });
});
