import * as z from "zod/mini";

import type { Problem } from "../problems";
import { ciliumSchema } from "./ciliumSchema";
import { deepFreeze } from "./plainData";
import { featureFindings } from "./rules/features";
import type { CiliumSpec } from "./schema";
import { problemsOf } from "./shape";

export type ParsedCiliumSpec =
  | { readonly spec: CiliumSpec; readonly problems: []; readonly warnings: Problem[] }
  | { readonly spec: undefined; readonly problems: Problem[]; readonly warnings: Problem[] };

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
export function parseCiliumSpec(raw: unknown): ParsedCiliumSpec {
  if (judged.has(raw as CiliumSpec)) {
    return { spec: raw as CiliumSpec, problems: [], warnings: [] };
  }
  const parsed = z.safeParse(ciliumSchema, raw, { reportInput: true });
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) =>
      problemsOf({ ...issue, path: ["cilium", ...issue.path] }),
    );
    return { spec: undefined, problems, warnings: [] };
  }
  const findings = featureFindings(parsed.data);
  const warnings = findings.filter(({ warns }) => warns);
  const problems = findings.filter(({ warns }) => !warns);
  if (problems.length > 0) return { spec: undefined, problems, warnings };
  return { spec: deepFreeze(parsed.data), problems: [], warnings };
}
