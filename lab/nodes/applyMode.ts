import type { ApplyMode } from "../../talosApi";

/** How a node takes a configuration that it was sent. */
export interface ApplyDecision {
  /** The mode really used, as the reply names it. */
  mode: ApplyMode;
  modeDetails: string;
  /** Text of the InvalidArgument that refuses it: the mode does not allow the change. */
  refusal?: string;
}

/**
 * Resolves the mode as Talos 1.13 does.
 * @param rebootPaths what of the change needs a reboot; irrelevant in maintenance.
 */
export function decideApply(
  requested: ApplyMode,
  state: { inMaintenance: boolean; rebootPaths: readonly string[] },
): ApplyDecision {
  const mode = state.inMaintenance && requested === "REBOOT" ? "NO_REBOOT" : requested;
  const immediate = state.inMaintenance || state.rebootPaths.length === 0;
  const obstacle = `this config change can't be applied in immediate mode\ndiff:\n${state.rebootPaths
    .map((path) => `${path} (values not shown)`)
    .join("\n")}`;
  switch (mode) {
    case "REBOOT":
      return { mode, modeDetails: "Applied configuration with a reboot" };
    case "AUTO":
      return immediate
        ? { mode: "NO_REBOOT", modeDetails: "Applied configuration without a reboot" }
        : { mode: "REBOOT", modeDetails: `Applied configuration with a reboot: ${obstacle}` };
    case "NO_REBOOT":
    case "TRY":
      return {
        mode,
        modeDetails: "Applied configuration without a reboot",
        ...(immediate ? {} : { refusal: obstacle }),
      };
    case "STAGED":
      return { mode, modeDetails: "Staged configuration to be applied after the next reboot" };
    default:
      return mode satisfies never;
  }
}
