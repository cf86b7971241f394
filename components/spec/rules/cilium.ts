import { forwardsKubeDNS } from "../hostDNS";
import type { ClusterSpec } from "../schema";
import { isReplaced } from "./features/chartValue";
import type { Finding, Rule } from "./rule";

/** Cilium against what Talos runs beside it. */
export const ciliumRules: readonly Rule[] = [
  { id: "kube-proxy-twice", silenceable: true, check: kubeProxyTwice },
  { id: "no-kube-proxy", check: noKubeProxy },
  { id: "kube-prism-off", check: kubePrismOff },
  { id: "kube-prism-port", check: kubePrismPort },
  { id: "port", check: port },
  { id: "host-dns-masquerade", silenceable: true, check: hostDnsMasquerade },
  { id: "host-dns-twice", warns: true, check: hostDnsTwice },
  { id: "hubble-parts", check: hubbleParts },
  { id: "operator-replicas", check: operatorReplicas },
  { id: "chart", check: chart },
];

function* kubeProxyTwice(spec: ClusterSpec): Iterable<Finding> {
  if (!spec.kubeProxy || !replacesKubeProxy(spec)) return;
  yield {
    propertyPath: "kubeProxy",
    got: true,
    reason: `kube-proxy and its replacement (${replacementPath(spec)}: true) would both program services`,
    fix: "set kubeProxy to false, or kubeProxyReplacement of Cilium to false",
  };
}

function* noKubeProxy(spec: ClusterSpec): Iterable<Finding> {
  if (spec.kubeProxy || isReplaced(spec.cilium)) return;
  yield {
    propertyPath: replacementPath(spec),
    got: spec.cilium.values["kubeProxyReplacement"] ?? false,
    reason: "kube-proxy is off and nothing replaces it, so no service would work",
    fix: "set it to true, or set kubeProxy to true",
  };
}

function* kubePrismOff(spec: ClusterSpec): Iterable<Finding> {
  const host = spec.cilium.values["k8sServiceHost"];
  if (spec.kubePrism.enabled || !isLoopback(host)) return;
  yield {
    propertyPath: "kubePrism.enabled",
    got: false,
    reason: `cilium.values.k8sServiceHost (${String(host)}) points Cilium at KubePrism, which is off`,
    fix: "set kubePrism.enabled to true, or leave k8sServiceHost out: Cilium is then pointed at clusterEndpoint",
  };
}

function* kubePrismPort(spec: ClusterSpec): Iterable<Finding> {
  const { k8sServiceHost: host = "127.0.0.1", k8sServicePort: got } = spec.cilium.values;
  if (!spec.kubePrism.enabled || got === undefined || !isLoopback(host)) return;
  if (Number(got) === spec.kubePrism.port) return;
  yield {
    propertyPath: "cilium.values.k8sServicePort",
    got,
    reason: `KubePrism listens on port ${spec.kubePrism.port}`,
    fix: "leave the value out, or change kubePrism.port",
  };
}

function* port({ kubePrism }: ClusterSpec): Iterable<Finding> {
  if (kubePrism.port >= 1 && kubePrism.port <= 65535) return;
  yield {
    propertyPath: "kubePrism.port",
    got: kubePrism.port,
    reason: "it is no port",
    fix: "write a number from 1 to 65535, or leave the key out",
  };
}

// talos #10002, cilium #36737: CoreDNS' packets to the resolver of the machine are lost.
function* hostDnsMasquerade(spec: ClusterSpec): Iterable<Finding> {
  if (!forwardsKubeDNS(spec) || !masquerades(spec) || routesLegacy(spec)) return;
  const { hostRouting, masquerade } = spec.cilium.datapath ?? {};
  const typed = hostRouting === "ebpf" ? "hostRouting: ebpf" : masquerade && "masquerade: bpf";
  const where = typed ? `cilium.datapath.${typed}` : "cilium.values.bpf.masquerade";
  const isTold = typed || spec.hostDNS.forwardKubeDNSToHost !== undefined;
  yield {
    propertyPath: isTold ? "hostDNS.forwardKubeDNSToHost" : where,
    got: true,
    reason: `with ${where} the answers of the machine's resolver never reach CoreDNS, so cluster DNS fails`,
    fix: "leave it out and set cilium.datapath.hostRouting to ebpf, which does without that resolver, or to legacy, which keeps it",
  };
}

function* hostDnsTwice(spec: ClusterSpec): Iterable<Finding> {
  const { enabled, forwardKubeDNSToHost: got } = spec.hostDNS;
  if (!enabled || got !== false || !routesLegacy(spec)) return;
  yield {
    propertyPath: "hostDNS.forwardKubeDNSToHost",
    got,
    reason:
      "packets pass the host's stack, with which the machine's resolver works, and CoreDNS does not ask it either",
    fix: "leave it out, or set cilium.datapath.hostRouting to ebpf if nothing else (Istio) needs the host's stack",
  };
}

function* hubbleParts({ cilium: { hubble } }: ClusterSpec): Iterable<Finding> {
  if (hubble.relay && !hubble.enabled) {
    yield {
      propertyPath: "cilium.hubble.relay",
      got: true,
      reason: "Hubble Relay collects what agents observe, and Hubble is off",
      fix: "set cilium.hubble.enabled to true, or relay to false",
    };
  }
  if (hubble.ui && !hubble.relay) {
    yield {
      propertyPath: "cilium.hubble.ui",
      got: true,
      reason: "Hubble UI asks Hubble Relay, which is off",
      fix: "set cilium.hubble.relay to true, or ui to false",
    };
  }
}

function* operatorReplicas({ cilium: { operatorReplicas: got } }: ClusterSpec): Iterable<Finding> {
  if (got === undefined || got >= 1) return;
  yield {
    propertyPath: "cilium.operatorReplicas",
    got,
    reason: "without an operator no CRDs are made and no pod gets an address",
    fix: "write 1 or more, or leave the key out",
  };
}

function* chart({ cilium }: ClusterSpec): Iterable<Finding> {
  if (cilium.chart.trim() === "") {
    yield {
      propertyPath: "cilium.chart",
      got: cilium.chart,
      reason: "it names no chart",
      fix: "leave the key out for Cilium's own chart",
    };
  }
  const { repo } = cilium.repositoryOpts;
  if (repo === undefined) return;
  if (/^oci:\/\//.test(repo)) {
    yield {
      propertyPath: "cilium.repositoryOpts.repo",
      got: repo,
      reason: "Helm takes a chart from an OCI registry by its full reference",
      fix: `remove repositoryOpts and write chart: ${repo.replace(/\/+$/, "")}/${cilium.chart}`,
    };
  } else if (!/^https?:\/\/[^/]/.test(repo)) {
    yield {
      propertyPath: "cilium.repositoryOpts.repo",
      got: repo,
      reason: "it is no URL of a chart repository",
      fix: "write for example https://helm.cilium.io/",
    };
  }
}

/** What Cilium is told in the end: its own value, merged last, decides. */
export function replacesKubeProxy({ cilium }: ClusterSpec): boolean {
  const value = cilium.values["kubeProxyReplacement"];
  return value === undefined ? cilium.kubeProxyReplacement : isOn(value);
}

/** Whether eBPF masquerades; a value, merged last, decides over the key. */
function masquerades({ cilium }: ClusterSpec): boolean {
  const { masquerade, hostRouting } = cilium.datapath ?? {};
  const typed = (masquerade ?? (hostRouting === "ebpf" ? "bpf" : "iptables")) === "bpf";
  const value = objectAt(cilium.values, "bpf")["masquerade"];
  return value === undefined ? typed : isOn(value);
}

/** Whether packets are said to pass the host's stack. */
function routesLegacy({ cilium }: ClusterSpec): boolean {
  const value = objectAt(cilium.values, "bpf")["hostLegacyRouting"];
  return value === undefined ? cilium.datapath?.hostRouting === "legacy" : isOn(value);
}

function replacementPath({ cilium }: ClusterSpec): string {
  return cilium.values["kubeProxyReplacement"] === undefined
    ? "cilium.kubeProxyReplacement"
    : "cilium.values.kubeProxyReplacement";
}

function isLoopback(host: unknown): boolean {
  return typeof host === "string" && /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
}

/** Charts take a boolean also as a text. */
function isOn(value: unknown): boolean {
  return value === true || value === "true";
}

function objectAt(values: Record<string, unknown>, key: string): Record<string, unknown> {
  const value = values[key];
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
