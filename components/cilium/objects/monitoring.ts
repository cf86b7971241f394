import type { CiliumSpec } from "../../spec";
import { type ChartValues, valueAt } from "../../values";
import type { CiliumObject } from "./ciliumObject";

const NAMESPACE = "kube-system";

interface Target {
  readonly name: string;
  /** Labels of the chart's Service. */
  readonly matchLabels: Readonly<Record<string, string>>;
  /** Name of its port. */
  readonly port: string;
  /** The label of the Service that metrics carry. */
  readonly label: string;
}

const AGENT: Target = {
  name: "cilium-agent",
  matchLabels: { "app.kubernetes.io/name": "cilium-agent" },
  port: "metrics",
  label: "k8s-app",
};
const OPERATOR: Target = {
  name: "cilium-operator",
  matchLabels: { "io.cilium/app": "operator", name: "cilium-operator" },
  port: "metrics",
  label: "io.cilium/app",
};
const ENVOY: Target = {
  name: "cilium-envoy",
  matchLabels: { "k8s-app": "cilium-envoy" },
  port: "envoy-metrics",
  label: "k8s-app",
};
const HUBBLE: Target = {
  name: "hubble",
  matchLabels: { "k8s-app": "hubble" },
  port: "hubble-metrics",
  label: "k8s-app",
};
const RELAY: Target = {
  name: "hubble-relay",
  matchLabels: { "k8s-app": "hubble-relay" },
  port: "metrics",
  label: "k8s-app",
};

/** A ServiceMonitor for each part that runs and has metrics. Pure. */
export function monitoringObjects(cilium: CiliumSpec): CiliumObject[] {
  const { monitoring, hubble } = cilium;
  if (!monitoring?.serviceMonitors) return [];
  const { interval = "10s", labels, relabelings } = monitoring;
  const targets = [
    AGENT,
    OPERATOR,
    ...(cilium.values["l7Proxy"] === false ? [] : [ENVOY]),
    ...(hubble.enabled && hasHubbleMetrics(cilium) ? [HUBBLE] : []),
    ...(hubble.enabled && hubble.relay ? [RELAY] : []),
  ];
  return targets.map(({ name, matchLabels, port, label }) => ({
    when: "afterCRDs",
    manifest: {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { name, namespace: NAMESPACE, ...(labels && { labels }) },
      spec: {
        selector: { matchLabels },
        namespaceSelector: { matchNames: [NAMESPACE] },
        endpoints: [
          {
            port,
            interval,
            honorLabels: true,
            path: "/metrics",
            ...(relabelings && { relabelings }),
          },
        ],
        targetLabels: [label],
      },
    },
  }));
}

/** Whether Hubble counts anything: its list of metrics is empty unless somebody fills it. */
function hasHubbleMetrics(cilium: CiliumSpec): boolean {
  const keys = [
    ["hubble", "metrics"],
    ["values", "hubble", "metrics", "enabled"],
  ];
  return keys.some((path) => {
    const metrics = valueAt(cilium as unknown as ChartValues, path);
    return Array.isArray(metrics) && metrics.length > 0;
  });
}
