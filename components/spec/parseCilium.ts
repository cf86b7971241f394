import * as z from "zod/mini";

import type { Problem } from "../problems";
import { ciliumSchema } from "./ciliumSchema";
import { deepFreeze } from "./plainData";
import { propertyPath } from "./propertyPath";
import { featureFindings } from "./rules/features";
import type { CiliumSpec } from "./schema";
import { unknownKey } from "./shape";

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
  const parsed = z.safeParse(ciliumSchema, raw);
  if (!parsed.success) {
    return { spec: undefined, problems: parsed.error.issues.flatMap(problemsOf), warnings: [] };
  }
  const findings = featureFindings(parsed.data);
  const warnings = findings.filter(({ warns }) => warns);
  const problems = findings.filter(({ warns }) => !warns);
  if (problems.length > 0) return { spec: undefined, problems, warnings };
  return { spec: deepFreeze(parsed.data), problems: [], warnings };
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = ["cilium", ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(ciliumSchema.shape);
    return issue.keys.map((key) => unknownKey([...path, key], known));
  }
  return [
    {
      id: "wrong-type",
      propertyPath: propertyPath(path),
      got: issue.input,
      reason: issue.message,
      fix: "every key of cilium is described in schemas/cluster.schema.json",
    },
  ];
}
