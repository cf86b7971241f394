import type { ChartValues } from "../values";
import { mergeValues } from "../values/chartValues";

/** Keys that the chart has without a value, as empty ones. */
const EMPTY: ChartValues = {
  debug: { verbose: "" },
  nodePort: { addresses: [] },
  policyCIDRMatchMode: [],
};

/**
 * Values for Helm 4. It takes keys without a value for absent, and would leave out of `cilium-config` what
 * Helm 3, which makes the release, writes empty. Pure.
 */
export function withEmptyKeys(values: ChartValues): ChartValues {
  return mergeValues(EMPTY, values);
}
