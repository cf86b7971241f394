import type { ClusterSettings } from "./clusterSettings";
import type { Tree } from "./tree";

const RBAC = "rbac.authorization.k8s.io";
const KUBE_SYSTEM = "kube-system";

/** Tolerations of a pod that runs on every node, whatever its state. */
export const EVERYWHERE = [
  { effect: "NoSchedule", operator: "Exists" },
  { effect: "NoExecute", operator: "Exists" },
];

/** kube-proxy as Talos ships it; the virtual kubelets play its pods. */
export function kubeProxyObjects(settings: ClusterSettings): Tree[] {
  const name = "kube-proxy";
  const labels = { "k8s-app": name, tier: "node" };
  const { extraArgs, image, mode } = settings.proxy;
  const args: Record<string, string[]> = {
    "cluster-cidr": [settings.podSubnets.join(",")],
    "conntrack-max-per-core": ["0"],
    "hostname-override": ["$(NODE_NAME)"],
    kubeconfig: ["/etc/kubernetes/kubeconfig"],
    "proxy-mode": [mode ?? "nftables"],
    ...extraArgs,
  };
  return [
    {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name, namespace: KUBE_SYSTEM, labels },
      spec: {
        selector: { matchLabels: labels },
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
        template: {
          metadata: { labels },
          spec: {
            hostNetwork: true,
            priorityClassName: "system-cluster-critical",
            serviceAccountName: name,
            tolerations: EVERYWHERE,
            containers: [
              {
                name,
                image,
                command: [
                  "/usr/local/bin/kube-proxy",
                  ...Object.entries(args).flatMap(([flag, values]) =>
                    values.map((value) => `--${flag}=${value}`),
                  ),
                ],
                env: [
                  { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
                  { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
                ],
                securityContext: { privileged: true },
                volumeMounts: [
                  { name: "lib-modules", mountPath: "/lib/modules", readOnly: true },
                  { name: "ssl-certs-host", mountPath: "/etc/ssl/certs", readOnly: true },
                  { name: "kubeconfig", mountPath: "/etc/kubernetes", readOnly: true },
                ],
              },
            ],
            volumes: [
              { name: "lib-modules", hostPath: { path: "/usr/lib/modules" } },
              { name: "ssl-certs-host", hostPath: { path: "/etc/ssl/certs" } },
              { name: "kubeconfig", configMap: { name: "kubeconfig-in-cluster" } },
            ],
          },
        },
      },
    },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: KUBE_SYSTEM } },
    {
      apiVersion: `${RBAC}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "system:node-proxier" },
      subjects: [{ kind: "ServiceAccount", name, namespace: KUBE_SYSTEM }],
    },
  ];
}
