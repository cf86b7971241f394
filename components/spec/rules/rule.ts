import type { Problem } from "../../problems";
import type { ParseContext } from "../parse";
import type { ClusterSpec } from "../schema";

/** A problem without the id, which is the rule's. */
export type Finding = Omit<Problem, "id">;

/**
 * One rule about a cluster. Rules see a spec whose keys and types are right and do not depend on one
 * another: what one of them refuses, the others pass over.
 */
export interface Rule {
  readonly id: string;
  /** Whether what it finds is worth a word but can hold. @default false */
  readonly warns?: boolean;
  /** Whether `silencedRules` may name it: the cluster still comes up. @default whether it warns */
  readonly silenceable?: boolean;
  readonly check: (spec: ClusterSpec, context: ParseContext) => Iterable<Finding>;
}
