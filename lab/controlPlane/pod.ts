import type { KubernetesObject } from "./kubernetesApi";

/** What a virtual kubelet reads of a pod. */
export interface Pod extends KubernetesObject {
  spec: {
    nodeName?: string;
    hostNetwork?: boolean;
    restartPolicy?: "Always" | "OnFailure" | "Never";
    terminationGracePeriodSeconds?: number;
    serviceAccountName?: string;
    initContainers?: Container[];
    containers: Container[];
    volumes?: Volume[];
  };
  status?: PodStatus;
}

export interface Container {
  name: string;
  image: string;
  args?: string[];
  volumeMounts?: { name: string; mountPath: string }[];
  restartPolicy?: "Always";
  env?: { name: string; value?: string; valueFrom?: object }[];
  envFrom?: {
    configMapRef?: { name: string; optional?: boolean };
    secretRef?: { name: string; optional?: boolean };
  }[];
  securityContext?: { privileged?: boolean; capabilities?: { add?: string[]; drop?: string[] } };
}

interface Optional {
  optional?: boolean;
}

export interface Volume {
  name: string;
  configMap?: Optional & { name?: string };
  secret?: Optional & { secretName?: string };
  projected?: {
    sources?: {
      configMap?: Optional & { name?: string };
      secret?: Optional & { name?: string };
    }[];
  };
  hostPath?: { path: string };
}

export interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: { startedAt: string };
  terminated?: {
    exitCode: number;
    reason: string;
    message?: string;
    startedAt?: string;
    finishedAt: string;
  };
}

export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  containerID?: string;
  ready: boolean;
  started: boolean;
  restartCount: number;
  state: ContainerState;
  lastState: ContainerState;
}

export interface PodCondition {
  type: string;
  status: "True" | "False";
  reason?: string;
  message?: string;
  lastProbeTime: null;
  lastTransitionTime: string;
}

export interface PodStatus {
  phase?: "Pending" | "Running" | "Succeeded" | "Failed";
  conditions?: PodCondition[];
  hostIP?: string;
  hostIPs?: { ip: string }[];
  podIP?: string;
  podIPs?: { ip: string }[];
  startTime?: string;
  initContainerStatuses?: ContainerStatus[];
  containerStatuses?: ContainerStatus[];
}

/** Secrets and ConfigMaps that have to exist before the pod's containers can be made. */
export function requiredMounts(
  pod: Pod,
): { kind: "secret" | "configmap"; name: string; volume: string }[] {
  const mounts: { kind: "secret" | "configmap"; name: string; volume: string }[] = [];
  const add = (
    kind: "secret" | "configmap",
    source: Optional | undefined,
    name: string | undefined,
    volume: string,
  ) => {
    if (source !== undefined && source.optional !== true && name !== undefined) {
      mounts.push({ kind, name, volume });
    }
  };
  for (const volume of pod.spec.volumes ?? []) {
    add("configmap", volume.configMap, volume.configMap?.name, volume.name);
    add("secret", volume.secret, volume.secret?.secretName, volume.name);
    for (const source of volume.projected?.sources ?? []) {
      add("configmap", source.configMap, source.configMap?.name, volume.name);
      add("secret", source.secret, source.secret?.name, volume.name);
    }
  }
  return mounts;
}

/** Capabilities that Talos takes out of the bounding set of everything that containerd starts. */
const REFUSED_CAPABILITIES = ["SYS_MODULE", "SYS_BOOT"];

/** The capabilities that keep a container from starting on Talos. Privileged ones get what is left. */
export function refusedCapabilities(container: Container): string[] {
  if (container.securityContext?.privileged === true) {
    return [];
  }
  return (container.securityContext?.capabilities?.add ?? [])
    .map((capability) => capability.toUpperCase().replace(/^CAP_/, ""))
    .filter((capability) => REFUSED_CAPABILITIES.includes(capability));
}

/** What a pod is to the network of its node. */
export type PodRole =
  | "cilium-agent"
  | "cilium-operator"
  | "flannel"
  | "kube-proxy"
  | "cni"
  | "other";

export function roleOf(pod: Pod): PodRole {
  const labels = pod.metadata.labels ?? {};
  const app = labels["k8s-app"];
  if (app === "cilium" || app === "flannel" || app === "kube-proxy") {
    return app === "cilium" ? "cilium-agent" : app;
  }
  if (labels["io.cilium/app"] === "operator") {
    return "cilium-operator";
  }
  const writesConfiguration = (pod.spec.volumes ?? []).some(({ hostPath }) =>
    /^\/etc\/cni\/net\.d\/?$/.test(hostPath?.path ?? ""),
  );
  return pod.spec.hostNetwork === true && writesConfiguration ? "cni" : "other";
}
