import type { CiliumSpec } from "../../schema";
import type { Finding, Rule } from "../rule";

/** A rule about Cilium that has to know nothing of the cluster: it also holds where only Cilium is installed. */
export interface CiliumRule {
  readonly id: string;
  /** Whether what it finds is worth a word but can hold. @default false */
  readonly warns?: boolean;
  /** Whether `silencedRules` may name it: the cluster still comes up. @default whether it warns */
  readonly silenceable?: boolean;
  /** Its paths begin with `cilium`, as those of every rule. */
  readonly check: (cilium: CiliumSpec) => Iterable<Finding>;
}

/** The same rules for a whole cluster. */
export function ofCluster(rules: readonly CiliumRule[]): Rule[] {
  return rules.map((rule) => ({ ...rule, check: ({ cilium }) => rule.check(cilium) }));
}
