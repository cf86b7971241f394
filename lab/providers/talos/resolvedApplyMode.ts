import { isObject, isUnknown, stringOf } from "./attributes";
import type { PlanRequest, TalosContext } from "./definition";
import { TerraformError } from "./diagnostics";
import { goErrorText } from "./goErrorText";
import { budgetOf, targetOf, withTalosClient } from "./talosCall";

/**
 * The mode that a configuration is sent with. Only `staged_if_needing_reboot` asks the machine, with a dry run and
 * while planning: `staged` where it would reboot, else `auto`, also, with a warning, where it cannot be asked.
 */
export async function resolvedApplyMode(
  { config, prior }: PlanRequest,
  configuration: string,
  context: TalosContext,
): Promise<string> {
  const mode = stringOf(config["applyMode"]).toLowerCase() || "auto";
  if (mode !== "staged_if_needing_reboot") {
    return mode;
  }
  const clientConfiguration = config["clientConfigurationWo"] ?? config["clientConfiguration"];
  if (isUnknown(config["node"]) || !isObject(clientConfiguration)) {
    return "auto";
  }
  const before = stringOf(prior?.["resolvedApplyMode"]);
  if (before !== "" && prior?.["machineConfiguration"] === configuration) {
    return before;
  }
  const node = stringOf(config["node"]);
  try {
    const target = await targetOf(context, config, clientConfiguration, "");
    const answer = await withTalosClient(
      target,
      budgetOf(null, "read"),
      context.signal,
      ({ client }) =>
        client.applyConfiguration(
          { data: configuration, mode: "AUTO", dryRun: true },
          budgetOf(null, "read"),
        ),
    );
    if (answer.mode !== "REBOOT") {
      return "auto";
    }
  } catch (error) {
    const cause = error instanceof TerraformError ? error.detail : goErrorText(error);
    context.warn(
      "Cannot check reboot requirement",
      `Node ${node}: ${cause}. Using 'auto' mode (may reboot).`,
    );
    return "auto";
  }
  context.warn(
    "Reboot prevented - using staged mode",
    `Node ${node}: Configuration requires reboot. Using 'staged' mode. Manually reboot with: talosctl reboot --nodes ${node}`,
  );
  return "staged";
}
