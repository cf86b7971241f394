import type { ChartValues } from "../chartValues";
import { get, on } from "../renderRules/renderRule";

export { get, given, on } from "../renderRules/renderRule";

/** The chart takes a boolean also as a text. */
export function isTrue(values: ChartValues, path: string): boolean {
  return String(get(values, path)) === "true";
}

export function replacesKubeProxy(values: ChartValues): boolean {
  return isTrue(values, "kubeProxyReplacement");
}

export function routesNatively(values: ChartValues): boolean {
  return get(values, "routingMode") === "native";
}

/** The way of encryption; undefined where nothing is encrypted. */
export function encryption(values: ChartValues): string | undefined {
  if (!on(values, "encryption.enabled")) return undefined;
  return String(get(values, "encryption.type") ?? "ipsec");
}

/** Whether packets take eBPF's way past the host's stack; otherwise that of the host. */
export function routesByEbpf(values: ChartValues): boolean {
  return (
    replacesKubeProxy(values) &&
    isTrue(values, "bpf.masquerade") &&
    !isTrue(values, "bpf.hostLegacyRouting")
  );
}

export function usesNetkit(values: ChartValues): boolean {
  return /^netkit(-l2)?$/.test(String(get(values, "bpf.datapathMode")));
}
