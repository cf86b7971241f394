import { valueAt } from "../../../values/chartValues";
import type { CiliumSpec } from "../../schema";

/** What the user's own values say at a path such as `gatewayAPI.enabled`; they are merged last. */
export function ownValue({ values }: Pick<CiliumSpec, "values">, path: string): unknown {
  return valueAt(values, path.split("."));
}

/**
 * Whether something replaces kube-proxy in the end. Charts take a boolean also as a text; another word, such
 * as the `strict` of old, means a replacement, and a rule of its own says that it is none today.
 */
export function isReplaced(cilium: Pick<CiliumSpec, "values" | "kubeProxyReplacement">): boolean {
  const own = ownValue(cilium, "kubeProxyReplacement");
  // Null takes the value out, and the chart reads none as false.
  const value = own === undefined ? cilium.kubeProxyReplacement : own;
  return !["", "false", "null"].includes(String(value));
}

/** Whether Services get addresses without a pool of the spec: those of their nodes, or somebody else's. */
export function hasOtherAddresses(cilium: Pick<CiliumSpec, "values">): boolean {
  return (
    ownValue(cilium, "nodeIPAM.enabled") === true || ownValue(cilium, "enableLBIPAM") === false
  );
}

/** Annotations by which a cloud's controller, MetalLB or kube-vip is told about a Service. */
const FOREIGN = /load-?balancer|metallb|kube-vip/i;

/** Whether annotations of a Service are for somebody who gives it an address of his own. */
export function isBalancedElsewhere(annotations: Readonly<Record<string, string>> = {}): boolean {
  return Object.keys(annotations).some((key) => FOREIGN.test(key));
}
