/** One thing that a rule does not let pass. */
export interface Finding {
  /** Where it stands in the resource, as in `values.hubble.ui.service.type`. */
  readonly propertyPath: string;
  /** What was found there, never a secret. */
  readonly got: string;
  /** Why that cannot be. */
  readonly reason: string;
  /** What to do, in one sentence. */
  readonly fix: string;
}

/** A finding as the engine shows it beside the resource. */
export function findingText(resourceName: string, finding: Finding): string {
  const { propertyPath, got, reason, fix } = finding;
  return [
    `${resourceName}: ${propertyPath}`,
    `  got: ${got}`,
    `  why: ${reason}`,
    `  fix: ${fix}`,
  ].join("\n");
}
