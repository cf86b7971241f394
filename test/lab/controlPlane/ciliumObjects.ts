/** What the tests read of a Node. */
export interface NodeView {
  metadata: { labels: Record<string, string>; annotations?: Record<string, string> };
  spec: { taints: { key: string; value?: string; effect: string }[] };
  status: {
    addresses: { type: string; address: string }[];
    conditions: { type: string; status: string; reason: string; message: string }[];
  };
}

/** What the tests read of a Pod. */
export interface PodView {
  metadata: { name: string };
  status: {
    phase: string;
    podIP?: string;
    containerStatuses?: {
      ready: boolean;
      restartCount: number;
      state: { waiting?: { reason: string } };
      lastState: { terminated?: { message: string } };
    }[];
  };
}

const KUBE_PRISM = [
  { name: "KUBERNETES_SERVICE_HOST", value: "localhost" },
  { name: "KUBERNETES_SERVICE_PORT", value: "7445" },
];

/** The least of a Cilium installation: agents, operator, or another DaemonSet with capabilities. */
export function ciliumObjects(options: {
  name: "cilium" | "operator" | "bad";
  capabilities?: string[];
}): { path: string; object: object }[] {
  const { name } = options;
  const labels = {
    cilium: { "k8s-app": "cilium" },
    operator: { "io.cilium/app": "operator" },
    bad: { app: "bad" },
  }[name];
  const kind = name === "operator" ? "Deployment" : "DaemonSet";
  return [
    {
      path: `/apis/apps/v1/namespaces/kube-system/${kind.toLowerCase()}s`,
      object: {
        apiVersion: "apps/v1",
        kind,
        metadata: { name },
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              hostNetwork: true,
              tolerations: [{ operator: "Exists" }],
              containers: [
                {
                  name,
                  image: "quay.io/cilium/operator-generic:v1.20.0",
                  env: KUBE_PRISM,
                  securityContext: { capabilities: { add: options.capabilities ?? ["NET_ADMIN"] } },
                },
              ],
            },
          },
        },
      },
    },
  ];
}
