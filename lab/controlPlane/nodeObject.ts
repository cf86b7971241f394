import { arch, cpus, release, totalmem } from "node:os";
import type { ConfiguredNode } from "../nodes/clusterRuntime";
import { configurationTrees, imageVersion } from "./clusterSettings";
import { record, records, stringRecord, text, type Tree } from "./tree";

export interface Taint {
  key: string;
  value?: string;
  effect: string;
}

export const CONTROL_PLANE_LABEL = "node-role.kubernetes.io/control-plane";

/** What a node has of one writer. */
export interface NodeIdentity {
  labels: Record<string, string>;
  taints: Taint[];
  annotations: Record<string, string>;
}

/** What the kubelet gives a node that it makes. */
export function registeredIdentity(node: ConfiguredNode): NodeIdentity {
  const { machine } = configurationTrees(node);
  const goArch = architecture();
  return {
    labels: {
      "beta.kubernetes.io/arch": goArch,
      "beta.kubernetes.io/os": "linux",
      "kubernetes.io/arch": goArch,
      "kubernetes.io/hostname": node.hostname,
      "kubernetes.io/os": "linux",
    },
    taints: [
      ...controlPlaneTaints(node),
      ...records(record(record(machine.kubelet).extraConfig).registerWithTaints).map(
        ({ key, value, effect }) => ({
          key: String(key),
          ...(typeof value === "string" && { value }),
          effect: String(effect),
        }),
      ),
    ],
    annotations: { "volumes.kubernetes.io/controller-managed-attach-detach": "true" },
  };
}

/** What Talos keeps at the node as the machine's configuration says. */
export function talosIdentity(node: ConfiguredNode): NodeIdentity {
  const { machine } = configurationTrees(node);
  const labels = {
    ...stringRecord(machine.nodeLabels),
    ...(node.machineType === "controlplane" ? { [CONTROL_PLANE_LABEL]: "" } : {}),
  };
  const taints = [
    ...controlPlaneTaints(node),
    ...Object.entries(stringRecord(machine.nodeTaints)).map(([key, value]) => taintOf(key, value)),
  ];
  return {
    labels,
    taints,
    annotations: {
      ...stringRecord(machine.nodeAnnotations),
      "talos.dev/owned-labels": JSON.stringify(Object.keys(labels).sort()),
      "talos.dev/owned-taints": JSON.stringify(taints.map(({ key }) => key).sort()),
    },
  };
}

/** The kubelet registers with it, and Talos takes it over. */
function controlPlaneTaints(node: ConfiguredNode): Taint[] {
  const { cluster } = configurationTrees(node);
  return node.machineType === "controlplane" && cluster.allowSchedulingOnControlPlanes !== true
    ? [{ key: CONTROL_PLANE_LABEL, effect: "NoSchedule" }]
    : [];
}

/** A taint of `machine.nodeTaints`: `value:Effect`, or the effect alone. */
export function taintOf(key: string, text: string): Taint {
  const [left = "", right] = text.split(":");
  return right === undefined || left === ""
    ? { key, effect: right ?? left }
    : { key, value: left, effect: right };
}

/** The taints of a node after Talos wrote its own: theirs are replaced in place, all others stay. */
export function mergeTaints(
  current: readonly Taint[],
  owned: readonly string[],
  wanted: readonly Taint[],
): Taint[] {
  const wantedOf = (key: string) => wanted.find((taint) => taint.key === key);
  const kept = current.filter(({ key }) => wantedOf(key) ?? !owned.includes(key));
  const added = wanted.filter(({ key }) => !current.some((taint) => taint.key === key));
  return [...kept.map((taint) => wantedOf(taint.key) ?? taint), ...added];
}

/** `status` of a node, without conditions. */
export function nodeStatus(node: ConfiguredNode): Tree {
  const { machine } = configurationTrees(node);
  const version = imageVersion(text(record(machine.kubelet).image) ?? "") ?? "1.36.0";
  const talos = imageVersion(text(record(machine.install).image) ?? "") ?? "1.13.0";
  const resources = {
    cpu: String(Math.max(cpus().length, 4)),
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    "ephemeral-storage": "104857600Ki",
    pods: "110",
  };
  return {
    addresses: [
      { type: "InternalIP", address: node.address },
      { type: "Hostname", address: node.hostname },
    ],
    capacity: resources,
    allocatable: resources,
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      architecture: architecture(),
      bootID: "",
      containerRuntimeVersion: "lab://virtual-kubelet",
      kernelVersion: release(),
      kubeProxyVersion: "",
      kubeletVersion: `v${version}`,
      machineID: "",
      operatingSystem: "linux",
      osImage: `Talos (v${talos})`,
      systemUUID: "",
    },
  };
}

export interface NodeCondition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason: string;
  message: string;
  lastHeartbeatTime: string;
  lastTransitionTime: string;
}

export function isReady(conditions: readonly NodeCondition[] = []): boolean {
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

/** Whether nobody has heard of the node for too long. */
export function isUnknown(conditions: readonly NodeCondition[] = []): boolean {
  return conditions.some(({ type, status }) => type === "Ready" && status === "Unknown");
}

/** The kubelet's conditions. Ready only when a CNI configuration is there. */
export function kubeletConditions(options: {
  cniConfigured: boolean;
  now: string;
  previous?: readonly NodeCondition[];
}): NodeCondition[] {
  const { now, previous = [] } = options;
  const condition = (
    type: string,
    status: NodeCondition["status"],
    reason: string,
    message: string,
  ): NodeCondition => {
    const before = previous.find((entry) => entry.type === type);
    return {
      type,
      status,
      reason,
      message,
      lastHeartbeatTime: now,
      lastTransitionTime: before?.status === status ? before.lastTransitionTime : now,
    };
  };
  const enough = (type: string, what: string, reason: string) =>
    condition(type, "False", reason, `kubelet has ${what} available`);
  return [
    enough("MemoryPressure", "sufficient memory", "KubeletHasSufficientMemory"),
    condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    enough("PIDPressure", "sufficient PID", "KubeletHasSufficientPID"),
    options.cniConfigured
      ? condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")
      : condition(
          "Ready",
          "False",
          "KubeletNotReady",
          "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
        ),
  ];
}

function architecture(): string {
  return arch() === "x64" ? "amd64" : arch();
}
