import { valueAt } from "../../../values/chartValues";
import type { CiliumSpec } from "../../schema";

/** What the user's own values say at a path such as `gatewayAPI.enabled`; they are merged last. */
export function ownValue({ values }: Pick<CiliumSpec, "values">, path: string): unknown {
  return valueAt(values, path.split("."));
}

/** Whether something replaces kube-proxy in the end. Charts take a boolean also as a text. */
export function isReplaced(cilium: Pick<CiliumSpec, "values" | "kubeProxyReplacement">): boolean {
  return String(ownValue(cilium, "kubeProxyReplacement") ?? cilium.kubeProxyReplacement) === "true";
}
