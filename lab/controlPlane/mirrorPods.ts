import { createHash } from "node:crypto";
import type { ConfiguredNode } from "../nodes/clusterRuntime";
import { type ClusterSettings, imageVersion } from "./clusterSettings";
import { isConflict, type KubernetesApi } from "./kubernetesApi";
import type { Tree } from "./tree";

type Images = Pick<ClusterSettings, "apiServer" | "controllerManager" | "scheduler">;

/** Shows the static pods of a control plane, as its kubelet does; a worker has none. */
export async function makeMirrorPods(
  api: KubernetesApi,
  settings: Images,
  node: ConfiguredNode,
  nodeUid: string,
): Promise<void> {
  if (node.machineType !== "controlplane") {
    return;
  }
  for (const pod of mirrorPods(settings, node, nodeUid)) {
    try {
      await api.create("/api/v1/namespaces/kube-system/pods", pod);
    } catch (error) {
      if (!isConflict(error)) {
        throw error;
      }
    }
  }
}

/** Talos runs these three as static pods on every control plane; the API shows their mirrors. */
export function mirrorPods(settings: Images, node: ConfiguredNode, nodeUid: string): Tree[] {
  const requests = (cpu: string, memory: string) => ({ requests: { cpu, memory } });
  return [
    mirrorPod("kube-apiserver", settings.apiServer.image, requests("200m", "512Mi"), node, nodeUid),
    mirrorPod(
      "kube-controller-manager",
      settings.controllerManager.image,
      requests("50m", "256Mi"),
      node,
      nodeUid,
    ),
    mirrorPod("kube-scheduler", settings.scheduler.image, requests("10m", "64Mi"), node, nodeUid),
  ];
}

function mirrorPod(
  app: string,
  image: string,
  resources: object,
  node: ConfiguredNode,
  nodeUid: string,
): Tree {
  const hash = createHash("md5").update(`${app}:${image}:${node.hostname}`).digest("hex");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${app}-${node.hostname}`,
      namespace: "kube-system",
      labels: {
        tier: "control-plane",
        "k8s-app": app,
        component: app,
        "app.kubernetes.io/name": app,
        "app.kubernetes.io/version": `v${imageVersion(image) ?? "0.0.0"}`,
        "app.kubernetes.io/component": "control-plane",
        "app.kubernetes.io/managed-by": "Talos",
      },
      annotations: {
        "kubernetes.io/config.hash": hash,
        "kubernetes.io/config.mirror": hash,
        "kubernetes.io/config.source": "file",
      },
      ownerReferences: [
        { apiVersion: "v1", kind: "Node", name: node.hostname, uid: nodeUid, controller: true },
      ],
    },
    spec: {
      nodeName: node.hostname,
      hostNetwork: true,
      priorityClassName: "system-cluster-critical",
      tolerations: [{ effect: "NoExecute", operator: "Exists" }],
      containers: [{ name: app, image, command: [`/usr/local/bin/${app}`], resources }],
    },
  };
}
