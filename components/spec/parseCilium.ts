import * as z from "zod/mini";

import type { Problem } from "../problems";
import { sift, silencedRuleProblems } from "../silencing";
import { ciliumSchema } from "./ciliumSchema";
import { deepFreeze, protoKeys } from "./plainData";
import { featureFindings } from "./rules/features";
import type { CiliumSpec } from "./schema";
import { problemsOf, protoKey } from "./shape";

export type ParsedCiliumSpec = {
  readonly warnings: Problem[];
  /** What rules found that `silencedRules` names. */
  readonly silenced: Problem[];
} & (
  | { readonly spec: CiliumSpec; readonly problems: [] }
  | { readonly spec: undefined; readonly problems: Problem[] }
);

/** Those that were judged as a part of their cluster: nothing is to be said twice. */
const judged = new WeakSet<CiliumSpec>();

/** Notes that a cluster's rules have passed this spec. */
export function markJudged(spec: CiliumSpec): void {
  judged.add(spec);
}

/**
 * Validates what is installed where only Cilium is: keys, types, defaults and the rules of features.
 * The rules of a whole cluster are not asked, because there is none.
 */
export function parseCiliumSpec(
  raw: unknown,
  silencedRules: readonly string[] = [],
): ParsedCiliumSpec {
  if (judged.has(raw as CiliumSpec)) {
    return { spec: raw as CiliumSpec, problems: [], warnings: [], silenced: [] };
  }
  const parsed = z.safeParse(ciliumSchema, raw, { reportInput: true });
  const lost = [...protoKeys(raw, ["cilium"])].map(protoKey);
  if (!parsed.success || lost.length > 0) {
    const problems = (parsed.error?.issues ?? []).flatMap((issue) =>
      problemsOf({ ...issue, path: ["cilium", ...issue.path] }),
    );
    return { spec: undefined, problems: [...lost, ...problems], warnings: [], silenced: [] };
  }
  const found = [...silencedRuleProblems(silencedRules), ...featureFindings(parsed.data)];
  const { problems, warnings, silenced } = sift(found, silencedRules);
  if (problems.length > 0) return { spec: undefined, problems, warnings, silenced };
  return { spec: deepFreeze(parsed.data), problems: [], warnings, silenced };
}
