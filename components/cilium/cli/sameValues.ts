import { hashOf } from "../../hash";
import type { ChartValues } from "../../values";
import { cliValues } from "./cliArguments";

/**
 * Whether a release was given these values and no other: one more is one that left the stack, and is still
 * in force. What the CLI is given beside them, and Helm is not, is the chart's own and no difference. Pure.
 */
export function sameValues(given: ChartValues | undefined, wanted: ChartValues): boolean {
  return hashOf(cliValues(given ?? {})) === hashOf(cliValues(wanted));
}
