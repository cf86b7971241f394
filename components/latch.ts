import * as pulumi from "@pulumi/pulumi";
import { Stash } from "@pulumi/pulumi/stash";

import type { Problem } from "./problems";
import { formatProblems } from "./problems";

/** A value that must not change once the cluster was made from it. */
export interface LatchedValue {
  /** Where the value stands in the cluster spec, for example `nodes[0].ipAddress`. */
  readonly propertyPath: string;
  readonly value: string;
  /** What goes wrong when it changes. */
  readonly reason: string;
  /** What to do instead: `$kept` stands for the value that is kept, `$urn` for what it is kept in. */
  readonly fix: string;
}

/**
 * Keeps `value` in state on the day the cluster is made. The output of a Stash stays what it was
 * first given, so what follows reads the value that the machines really have.
 */
export function latch(name: string, value: string, opts: pulumi.CustomResourceOptions): Stash {
  return new Stash(name, { input: value }, opts);
}

/** One problem for each latched value that the spec now gives differently. Pure. */
export function latchProblems(
  latched: readonly LatchedValue[],
  kept: readonly (string | undefined)[],
  urns: readonly string[] = [],
): Problem[] {
  return latched.flatMap((entry, index) => {
    const first = kept[index];
    if (first === undefined || first === entry.value) return [];
    return [
      {
        id: "latched-value-changed",
        propertyPath: entry.propertyPath,
        got: entry.value,
        reason: `the cluster was made with ${first}; ${entry.reason}`,
        fix: entry.fix.replace("$kept", () => first).replace("$urn", () => urns[index] ?? ""),
      },
    ];
  });
}

/** Fails the program, in the preview already, when a latched value was changed. */
export function refuseChanges(
  component: pulumi.Resource,
  entries: readonly { readonly stash: Stash; readonly latched: LatchedValue }[],
): void {
  const kept = pulumi.all(entries.map((entry) => entry.stash.output as pulumi.Output<string>));
  const urns = pulumi.all(entries.map((entry) => entry.stash.urn));
  pulumi.all([kept, urns]).apply(([values, names]) => {
    const problems = latchProblems(
      entries.map((entry) => entry.latched),
      values,
      names,
    );
    if (problems.length > 0) {
      throw new pulumi.ResourceError(formatProblems(problems), component, true);
    }
  });
}
