import * as z from "zod/mini";

import type { Problem } from "../problems";
import { ciliumSchema } from "./ciliumSchema";
import { deepFreeze } from "./plainData";
import { propertyPath } from "./propertyPath";
import type { CiliumSpec } from "./schema";
import { unknownKey } from "./shape";

export type ParsedCiliumSpec =
  | { readonly spec: CiliumSpec; readonly problems: [] }
  | { readonly spec: undefined; readonly problems: Problem[] };

/**
 * Validates what is installed where only Cilium is: keys, types and defaults. The rules of a whole
 * cluster are not asked, because there is none.
 */
export function parseCiliumSpec(raw: unknown): ParsedCiliumSpec {
  const parsed = z.safeParse(ciliumSchema, raw);
  if (parsed.success) return { spec: deepFreeze(parsed.data), problems: [] };
  return { spec: undefined, problems: parsed.error.issues.flatMap(problemsOf) };
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
