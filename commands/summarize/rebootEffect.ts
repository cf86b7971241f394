/** What an update does to a running machine. */
export interface RebootEffect {
  readonly outcome: "none" | "reboots" | "staged" | "refused";
  /** Whether the preview shows enough to say so. */
  readonly certain: boolean;
}

/**
 * What applying a changed configuration does to a machine, by the mode in which it is applied. Pure.
 *
 * @param mode `applyMode` of the cluster
 * @param needsReboot whether a field changes that a running machine does not take over
 * @param unseen whether something changes that the preview does not show
 */
export function rebootEffect(mode: string, needsReboot: boolean, unseen: boolean): RebootEffect {
  const outcomes: Record<string, RebootEffect["outcome"]> = {
    auto: "reboots",
    no_reboot: "refused",
    staged_if_needing_reboot: "staged",
  };
  if (mode === "reboot") return { outcome: "reboots", certain: true };
  if (mode === "staged") return { outcome: "staged", certain: true };
  const outcome = outcomes[mode] ?? "reboots";
  if (needsReboot) return { outcome, certain: true };
  return unseen ? { outcome, certain: false } : { outcome: "none", certain: true };
}
