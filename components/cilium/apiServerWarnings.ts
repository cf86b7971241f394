import type { Problem } from "../problems";
import type { ChartValues } from "../values";
import { valueAt } from "../values";

/** Values of the chart that say where agents reach the API server. */
const ENDPOINTS = ["k8sServiceHost", "k8sServiceHostRef.name", "k8s.apiServerURLs"];

/**
 * Without kube-proxy, agents that are not told where the API server is cannot reach the Service that
 * only they could program. It warns, because kube-proxy may still run beside the replacement.
 *
 * @param values as the chart gets them
 */
export function apiServerWarnings(values: ChartValues): Problem[] {
  if (String(values["kubeProxyReplacement"]) !== "true") return [];
  if (ENDPOINTS.some((path) => valueAt(values, path.split(".")))) return [];
  return [
    {
      id: "no-api-server",
      propertyPath: "cilium.values.k8sServiceHost",
      reason:
        "agents replace kube-proxy and are told no address of the API server: on nodes without kube-proxy they never start",
      fix: "give k8sServiceHost and k8sServicePort to the component: 127.0.0.1 and 7445 with KubePrism",
    },
  ];
}
