import { type ChartValues, valueAt } from "./chartValues";

/** How agents enforce policies, in small letters as the chart hands it on; undefined where nothing is said. */
export function policyEnforcementMode(values: ChartValues): string | undefined {
  const mode = valueAt(values, ["policyEnforcementMode"]);
  return mode === undefined || mode === null ? undefined : String(mode).toLowerCase();
}
