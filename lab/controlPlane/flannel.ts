import type { Manifest } from "./bootstrapManifests";
import type { ClusterSettings } from "./clusterSettings";
import { EVERYWHERE } from "./kubeProxy";

const NAMESPACE = "kube-system";
const IMAGE = "ghcr.io/siderolabs/flannel:v0.28.2";

/** Talos' default CNI: real objects; the virtual kubelets play its pods. */
export function flannelManifest(settings: ClusterSettings): Manifest {
  const rbac = "rbac.authorization.k8s.io";
  const name = "flannel";
  const labels = { "k8s-app": name };
  const nodeLabels = { ...labels, tier: "node" };
  const cniConfig = {
    name: "cbr0",
    cniVersion: "1.0.0",
    plugins: [
      { type: "flannel", delegate: { hairpinMode: true, isDefaultGateway: true } },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
  const network = {
    Network: settings.podSubnets[0],
    Backend: { Type: "vxlan", Port: 4789 },
  };
  return {
    id: "05-flannel",
    objects: [
      {
        apiVersion: `${rbac}/v1`,
        kind: "ClusterRole",
        metadata: { name, labels },
        rules: [
          {
            apiGroups: [""],
            resources: ["pods", "nodes", "namespaces"],
            verbs: ["get", "list", "watch"],
          },
          { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch"] },
        ],
      },
      {
        apiVersion: `${rbac}/v1`,
        kind: "ClusterRoleBinding",
        metadata: { name, labels },
        roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
        subjects: [{ kind: "ServiceAccount", name, namespace: NAMESPACE }],
      },
      {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name, namespace: NAMESPACE, labels },
      },
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "kube-flannel-cfg", namespace: NAMESPACE, labels: nodeLabels },
        data: {
          "cni-conf.json": JSON.stringify(cniConfig, undefined, 2),
          "net-conf.json": JSON.stringify(network, undefined, 2),
        },
      },
      daemonSet(settings, nodeLabels),
    ],
  };
}

function daemonSet(settings: ClusterSettings, labels: Record<string, string>) {
  const { kubePrism, cni } = settings;
  const config = { name: "flannel-cfg", mountPath: "/etc/kube-flannel/" };
  const fieldRef = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } });
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "kube-flannel", namespace: NAMESPACE, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          priorityClassName: "system-node-critical",
          serviceAccountName: "flannel",
          tolerations: EVERYWHERE,
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  {
                    matchExpressions: [
                      { key: "kubernetes.io/os", operator: "In", values: ["linux"] },
                    ],
                  },
                ],
              },
            },
          },
          initContainers: [
            {
              name: "install-config",
              image: IMAGE,
              command: ["cp"],
              args: ["-f", "/etc/kube-flannel/cni-conf.json", "/etc/cni/net.d/10-flannel.conflist"],
              volumeMounts: [{ name: "cni", mountPath: "/etc/cni/net.d" }, config],
            },
          ],
          containers: [
            {
              name: "kube-flannel",
              image: IMAGE,
              command: ["/opt/bin/flanneld"],
              args: ["--ip-masq", "--kube-subnet-mgr", ...cni.flannelExtraArgs],
              resources: { requests: { cpu: "100m", memory: "50Mi" } },
              securityContext: {
                privileged: false,
                capabilities: { add: ["NET_ADMIN", "NET_RAW"] },
              },
              env: [
                { name: "POD_NAME", ...fieldRef("metadata.name") },
                { name: "POD_NAMESPACE", ...fieldRef("metadata.namespace") },
                { name: "EVENT_QUEUE_DEPTH", value: "5000" },
                { name: "CONT_WHEN_CACHE_NOT_READY", value: "false" },
                ...(kubePrism.enabled
                  ? [
                      { name: "KUBERNETES_SERVICE_HOST", value: "127.0.0.1" },
                      { name: "KUBERNETES_SERVICE_PORT", value: String(kubePrism.port) },
                    ]
                  : []),
              ],
              volumeMounts: [{ name: "run", mountPath: "/run/flannel" }, config],
            },
          ],
          volumes: [
            { name: "run", hostPath: { path: "/run/flannel" } },
            { name: "cni", hostPath: { path: "/etc/cni/net.d" } },
            { name: "flannel-cfg", configMap: { name: "kube-flannel-cfg" } },
          ],
        },
      },
    },
  };
}
