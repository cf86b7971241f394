import type { ChartValues } from "../chartValues";
import type { Platform } from "../platform";
import type { ValueRule } from "../valueRule";
import { get, on } from "../renderRules/renderRule";

export { either, get, given, on } from "../renderRules/renderRule";

/** What beside the values decides a rule. */
export interface ClashContext {
  /** Minor of the chart. */
  readonly minor: number;
  /** How many nodes there are; undefined where it is not known. */
  readonly nodes?: number;
  /** @default "talos" */
  readonly platform?: Platform;
}

/** Values that the chart renders without a word, and that do not work or do nothing. */
export interface ClashRule extends ValueRule<ClashContext> {
  /** Whether it holds only where the machines run Talos. @default false */
  readonly onTalos?: true;
  /**
   * Whether the feature has a key under `cilium` with rules of its own, which know more: then only
   * what the user's own values say of it is judged here.
   */
  readonly typed?: true;
}

/** Some switches are also written as a text, `"true"`. */
export function isTrue(values: ChartValues, path: string): boolean {
  return String(get(values, path)) === "true";
}

export function replacesKubeProxy(values: ChartValues): boolean {
  return isTrue(values, "kubeProxyReplacement");
}

/** Whether Envoy runs in pods of its own, as it does in each new installation. */
export function hasEnvoyPods(values: ChartValues): boolean {
  return get(values, "envoy.enabled") !== false && on(values, "l7Proxy", true);
}

/** The capabilities of a list; empty where the chart's own is not touched. */
export function capabilities(values: ChartValues, path: string): readonly unknown[] {
  const list = get(values, path);
  return Array.isArray(list) ? list : [];
}
