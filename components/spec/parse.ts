import type { Problem } from "../problems";
import { type Found, sift, silencedRuleProblems } from "../silencing";
import { checkSpecPatches } from "./configPatches/checkSpecPatches";
import { nestedSecrets } from "./nestedSecrets";
import { markJudged } from "./parseCilium";
import { deepFreeze } from "./plainData";
import { rules } from "./rules";
import type { ClusterSpec } from "./schema";
import { parseShape } from "./shape";

/** What surrounds the cluster in the stack configuration. */
export interface ParseContext {
  /** Full names of the stack configuration's keys, such as `talos-cilium:cluster`. */
  readonly configKeys?: readonly string[];
  /** Those of them that hold a secret. */
  readonly secretKeys?: readonly string[];
  /** Namespace of the project's own keys. @default "talos-cilium" */
  readonly projectName?: string;
  /** Checks more of a cluster of the right shape, whose problems come with the rest; also of one with faults. */
  readonly alsoCheck?: (spec: ClusterSpec, isFaulty: boolean) => readonly Found[];
}

export type ParsedClusterSpec = {
  readonly warnings: Problem[];
  /** What rules found that `silencedRules` names. */
  readonly silenced: Problem[];
} & (
  | { readonly spec: ClusterSpec; readonly problems: [] }
  | { readonly spec: undefined; readonly problems: Problem[] }
);

/**
 * Validates a cluster as it stands in the stack configuration.
 *
 * Its three phases do not hide one another's problems: the shape (keys and types), the rules, and the
 * patches, each of which goes on with what the one before left sound.
 *
 * @param raw what the configuration holds; undefined when it holds nothing
 * @returns the spec, deep-frozen and with every default filled in, or **all** problems; warnings
 *   (none where machines are of the wrong shape) and what is silenced, in either case. It throws nothing.
 */
export function parseClusterSpec(raw: unknown, context: ParseContext = {}): ParsedClusterSpec {
  const secrets = nestedSecrets(raw, context);
  const { spec, problems: misshapen } = parseShape(raw);
  const { silencedRules = [] } = spec ?? {};
  const ruled: Found[] = spec
    ? [
        ...silencedRuleProblems(silencedRules),
        ...ruleProblems(spec, context),
        ...checkSpecPatches(spec),
      ]
    : [];
  const isFaulty = [...secrets, ...misshapen, ...sift(ruled, silencedRules).problems].length > 0;
  const found: Found[] = [...ruled, ...((spec && context.alsoCheck?.(spec, isFaulty)) ?? [])];
  // What stands in for a value of the wrong shape is nobody's fault.
  const faulty = [...secrets, ...misshapen].map(({ propertyPath }) => propertyPath);
  const relevant = found.filter(
    ({ propertyPath }) => !faulty.some((at) => within(propertyPath, at)),
  );

  const { warnings: all, silenced, problems: refused } = sift(relevant, silencedRules);
  // Nobody counts machines or looks for their addresses where some were not understood.
  const warnings = faulty.some((at) => within(at, "nodes")) ? [] : all;
  const problems = [
    // A nested secret is of the wrong shape because it is one.
    ...misshapen.filter(
      ({ propertyPath }) => !secrets.some((at) => within(propertyPath, at.propertyPath)),
    ),
    ...secrets,
    ...refused,
  ];
  if (problems.length > 0 || !spec) return { spec: undefined, problems, warnings, silenced };
  markJudged(spec.cilium);
  return { spec: deepFreeze(spec), problems: [], warnings, silenced };
}

function ruleProblems(spec: ClusterSpec, context: ParseContext): Found[] {
  return rules.flatMap(({ id, warns, check }) =>
    [...check(spec, context)].map((finding) => ({ id, ...finding, ...(warns && { warns }) })),
  );
}

/** Whether a path is that of a value or of something in it. The whole object is none of them. */
function within(path: string, at: string): boolean {
  return at !== "" && path.startsWith(at) && /^($|[.[])/.test(path.slice(at.length));
}
