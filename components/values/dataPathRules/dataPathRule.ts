import type { ChartValues } from "../chartValues";

/** What of the cluster a rule may have to know; absent where only Cilium is installed. */
export interface DataPathContext {
  /** Minor of the chart. */
  readonly minor: number;
  readonly talosVersion?: string;
  readonly podSubnets?: readonly string[];
  /** KubeSpan, where it carries the traffic between machines, and its MTU in bytes. */
  readonly kubeSpan?: { readonly mtu: number };
}

/** Values that the chart renders, but that agents refuse, drop in silence, or lose packets with. */
export interface DataPathRule {
  readonly id: string;
  /** Whether what it finds is worth a word but can hold. @default false */
  readonly warns?: true;
  /** Whether `silencedRules` may name it: the cluster still comes up. @default whether it warns */
  readonly silenceable?: true;
  /** The value to change. */
  readonly path: string;
  /** The key under `cilium` that sets it. @default none: it is only reached by `values` */
  readonly input?: string;
  readonly breaks: (values: ChartValues, context: DataPathContext) => boolean;
  readonly reason: string;
  readonly fix: string;
}
