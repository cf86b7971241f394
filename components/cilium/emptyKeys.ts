import type { ChartValues } from "../values";
import { mergeValues } from "../values/chartValues";

/** Keys that the chart has without a value, as empty ones. */
const EMPTY: ChartValues = {
  debug: { verbose: "" },
  nodePort: { addresses: [] },
  policyCIDRMatchMode: [],
};

/**
 * Values for whatever Helm renders them. Helm 4 takes keys without a value for absent, and would leave out of
 * `cilium-config` what Helm 3, which makes the release, writes empty; to Helm 3 both are the same. Pure.
 */
export function withEmptyKeys(values: ChartValues): ChartValues {
  return mergeValues(EMPTY, values);
}
