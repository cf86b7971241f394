import type { ClusterSpec } from "../../components/spec";

type Kind = "real" | "stand-in" | undefined;

/** Which of the parts that may be either are the real ones; undefined as long as it is not known. */
export interface Parts {
  languageHost: Kind;
  talosProvider: Kind;
  kubernetesProvider: Kind;
}

/**
 * The first lines of a lab: what it brings up, and which parts of it are real and which stand in.
 */
export function describeParts(stackName: string, spec: ClusterSpec, parts: Parts): string[] {
  const controlPlanes = spec.nodes.filter((node) => node.machineType === "controlplane").length;
  const either: [string, Kind][] = [
    ["Pulumi's language host", parts.languageHost],
    ["the talos provider", parts.talosProvider],
    ["the kubernetes provider", parts.kubernetesProvider],
    [`the chart ${spec.cilium.chart}`, isStandInChart(spec.cilium.chart) ? "stand-in" : "real"],
  ];
  const those = (kind: Kind) => either.filter(([, is]) => is === kind).map(([name]) => name);
  const real = [
    "Pulumi's engine",
    "etcd",
    "kube-apiserver, kube-controller-manager, kube-scheduler",
    "helm",
    "Talos' configuration library",
    ...those("real"),
  ];
  const standIns = ["the machines", "their kubelets and pods", "Cilium's operator"];
  return [
    `Lab ${stackName}: ${count(spec.nodes.length, "node")} (${count(controlPlanes, "control plane")}, ` +
      `${count(spec.nodes.length - controlPlanes, "worker")}), Talos ${spec.talosVersion}, ` +
      `Kubernetes ${spec.kubernetesVersion}, Cilium ${spec.cilium.version}`,
    `  real:      ${real.join(", ")}`,
    `  stand-ins: ${[...standIns, ...those("stand-in")].join(", ")}`,
    ...those(undefined).map((name) => `  either:    ${name}, real where it can be downloaded`),
  ];
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** The chart of this repository, which is not Cilium's. */
function isStandInChart(chart: string): boolean {
  return /(^|\/)lab\/charts\//.test(chart);
}
