import * as pulumi from "@pulumi/pulumi";

import { formatProblems } from "./problems";
import { type Sifted, formatSilenced } from "./silencing";

/** Says in the preview, and in the update, what does not stop it: warnings, and what is silenced. */
export function logFindings(
  component: pulumi.Resource | undefined,
  { warnings, silenced }: Pick<Sifted, "warnings" | "silenced">,
  silencedRules: readonly string[] = [],
): void {
  if (warnings.length > 0) void pulumi.log.warn(formatProblems(warnings, "Warnings"), component);
  if (silenced.length === 0) return;
  const ids = silencedRules.filter((id) => silenced.some((found) => found.id === id));
  void pulumi.log.info(formatSilenced(ids, silenced), component);
}
