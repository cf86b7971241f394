import type { Problem } from "../problems";
import { type ChartValues, valueAt } from "./chartValues";

/** A rule about values that the chart renders without a word. */
export interface ValueRule<Context> {
  readonly id: string;
  /** Whether what it finds is worth a word but can hold. @default false */
  readonly warns?: true;
  /** Whether `silencedRules` may name it: the cluster still comes up. @default whether it warns */
  readonly silenceable?: true;
  /** The value to change. */
  readonly path: string;
  /** Values by which a user asks for what is judged, where `path` is not what they wrote. @default none */
  readonly askedBy?: readonly string[];
  /** The key under `cilium` that sets it as well. @default none: it is only reached by `values` */
  readonly input?: string;
  readonly breaks: (values: ChartValues, context: Context) => boolean;
  readonly reason: string;
  readonly fix: string;
}

/**
 * What the rules find.
 *
 * @param values as the chart gets them
 * @param users the user's own of them, by which a problem stands at their key or at ours
 */
export function brokenRules<Context>(
  rules: readonly ValueRule<Context>[],
  values: ChartValues,
  users: ChartValues,
  context: Context,
): { readonly problems: Problem[]; readonly warnings: Problem[] } {
  const found = rules.filter(({ breaks }) => breaks(values, context));
  const problemOf = (rule: ValueRule<Context>): Problem => {
    const { id, path, askedBy = [], input, reason, fix } = rule;
    const theirs = [path, ...askedBy].find((each) => valueAt(users, each.split(".")) !== undefined);
    const got = valueAt(values, (theirs ?? path).split("."));
    const isTheirs = input === undefined || theirs !== undefined;
    return {
      id,
      propertyPath: isTheirs ? `cilium.values.${theirs ?? path}` : `cilium.${input}`,
      ...(got !== undefined && { got }),
      reason,
      fix,
    };
  };
  return {
    problems: found.filter(({ warns }) => !warns).map(problemOf),
    warnings: found.filter(({ warns }) => warns).map(problemOf),
  };
}
