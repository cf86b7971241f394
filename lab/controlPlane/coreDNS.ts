import { isIPv6 } from "node:net";
import type { Manifest } from "./bootstrapManifests";
import type { ClusterSettings } from "./clusterSettings";
import type { Tree } from "./tree";

const NAMESPACE = "kube-system";
const LABELS = { "k8s-app": "kube-dns" };
const PORTS = [
  { name: "dns", port: 53, protocol: "UDP" },
  { name: "dns-tcp", port: 53, protocol: "TCP" },
  { name: "metrics", port: 9153, protocol: "TCP" },
];

/** CoreDNS as Talos ships it. `serviceIPs`: the tenth address of each service network. */
export function coreDNSManifests(settings: ClusterSettings, serviceIPs: string[]): Manifest[] {
  return [
    { id: "11-core-dns", objects: [...access(), corefile(settings.dnsDomain), workload(settings)] },
    { id: "11-core-dns-svc", objects: [service(serviceIPs)] },
  ];
}

function access(): Tree[] {
  const rbac = "rbac.authorization.k8s.io";
  const name = "system:coredns";
  const labels = { "kubernetes.io/bootstrapping": "rbac-defaults" };
  return [
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "coredns", namespace: NAMESPACE },
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRole",
      metadata: { name, labels },
      rules: [
        {
          apiGroups: [""],
          resources: ["endpoints", "services", "pods", "namespaces"],
          verbs: ["list", "watch"],
        },
        {
          apiGroups: ["discovery.k8s.io"],
          resources: ["endpointslices"],
          verbs: ["list", "watch"],
        },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: {
        name,
        labels,
        annotations: { "rbac.authorization.kubernetes.io/autoupdate": "true" },
      },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name: "coredns", namespace: NAMESPACE }],
    },
  ];
}

function corefile(dnsDomain: string): Tree {
  const plugins = [
    "errors",
    "health {\n        lameduck 5s\n    }",
    "ready",
    "log . {\n        class error\n    }",
    "prometheus :9153",
    `kubernetes ${dnsDomain} in-addr.arpa ip6.arpa {\n        pods insecure\n        fallthrough in-addr.arpa ip6.arpa\n        ttl 30\n    }`,
    "forward . /etc/resolv.conf {\n        max_concurrent 1000\n    }",
    `cache 30 {\n        disable success ${dnsDomain}\n        disable denial ${dnsDomain}\n    }`,
    "loop",
    "reload",
    "loadbalance",
  ];
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "coredns", namespace: NAMESPACE },
    data: { Corefile: `.:53 {\n${plugins.map((plugin) => `    ${plugin}\n`).join("")}}\n` },
  };
}

function workload(settings: ClusterSettings): Tree {
  const probe = (path: string, port: number) => ({ httpGet: { path, port, scheme: "HTTP" } });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "coredns",
      namespace: NAMESPACE,
      labels: { ...LABELS, "kubernetes.io/name": "CoreDNS" },
    },
    spec: {
      replicas: 2,
      selector: { matchLabels: LABELS },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels: LABELS },
        spec: {
          serviceAccountName: "coredns",
          priorityClassName: "system-cluster-critical",
          dnsPolicy: "Default",
          nodeSelector: { "kubernetes.io/os": "linux" },
          tolerations: [
            "node-role.kubernetes.io/control-plane",
            "node.cloudprovider.kubernetes.io/uninitialized",
          ].map((key) => ({ key, operator: "Exists", effect: "NoSchedule" })),
          affinity: {
            podAntiAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 100,
                  podAffinityTerm: {
                    topologyKey: "kubernetes.io/hostname",
                    labelSelector: {
                      matchExpressions: [{ key: "k8s-app", operator: "In", values: ["kube-dns"] }],
                    },
                  },
                },
              ],
            },
          },
          containers: [
            {
              name: "coredns",
              image: settings.coreDNS.image,
              imagePullPolicy: "IfNotPresent",
              args: ["-conf", "/etc/coredns/Corefile"],
              env: [{ name: "GOMEMLIMIT", value: "161MiB" }],
              resources: {
                limits: { memory: "170Mi" },
                requests: { cpu: "100m", memory: "70Mi" },
              },
              ports: PORTS.map(({ name, port, protocol }) => ({
                name,
                containerPort: port,
                protocol,
              })),
              livenessProbe: {
                ...probe("/health", 8080),
                initialDelaySeconds: 60,
                timeoutSeconds: 5,
                successThreshold: 1,
                failureThreshold: 5,
              },
              readinessProbe: probe("/ready", 8181),
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
                readOnlyRootFilesystem: true,
              },
              volumeMounts: [{ name: "config-volume", mountPath: "/etc/coredns", readOnly: true }],
            },
          ],
          volumes: [
            {
              name: "config-volume",
              configMap: { name: "coredns", items: [{ key: "Corefile", path: "Corefile" }] },
            },
          ],
        },
      },
    },
  };
}

function service(serviceIPs: string[]): Tree {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "kube-dns",
      namespace: NAMESPACE,
      labels: {
        ...LABELS,
        "kubernetes.io/cluster-service": "true",
        "kubernetes.io/name": "CoreDNS",
      },
      annotations: { "prometheus.io/port": "9153", "prometheus.io/scrape": "true" },
    },
    spec: {
      selector: LABELS,
      clusterIP: serviceIPs[0],
      clusterIPs: serviceIPs,
      ipFamilies: serviceIPs.map((address) => (isIPv6(address) ? "IPv6" : "IPv4")),
      ipFamilyPolicy: serviceIPs.length > 1 ? "RequireDualStack" : "SingleStack",
      ports: PORTS.map((port) => ({ ...port, targetPort: port.port })),
    },
  };
}
