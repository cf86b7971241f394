import type { ValueRule } from "../valueRule";

/** What of the cluster a rule may have to know; absent where only Cilium is installed. */
export interface DataPathContext {
  /** Minor of the chart. */
  readonly minor: number;
  readonly talosVersion?: string;
  /** Networks that pods get their addresses from. */
  readonly podNetworks?: readonly string[];
  /** Hostnames. */
  readonly nodes?: readonly string[];
  /** KubeSpan, where it carries the traffic between machines, and its MTU in bytes. */
  readonly kubeSpan?: { readonly mtu: number };
}

/** Values that the chart renders, but that agents refuse, drop in silence, or lose packets with. */
export type DataPathRule = ValueRule<DataPathContext>;
