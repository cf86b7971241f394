import type { ChartValues } from "./chartValues";

/**
 * The replacement, said in either case because the chart's default moved between minors, and where
 * agents reach the API server: without kube-proxy they cannot use the Service that only they serve.
 */
export function kubeProxyReplacementValues(input: {
  readonly kubeProxyReplacement: boolean;
  readonly k8sServiceHost?: string;
  readonly k8sServicePort?: number;
}): ChartValues {
  const { kubeProxyReplacement, k8sServiceHost, k8sServicePort } = input;
  return {
    kubeProxyReplacement,
    ...(k8sServiceHost !== undefined && { k8sServiceHost }),
    ...(k8sServicePort !== undefined && { k8sServicePort }),
  };
}
