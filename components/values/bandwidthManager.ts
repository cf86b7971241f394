import type { BandwidthManager } from "../spec/cilium/bandwidthManager";
import type { ChartValues } from "./chartValues";

/** The bandwidth manager, and which sockets go by BBR. */
export function bandwidthManagerValues(input: {
  readonly bandwidthManager?: BandwidthManager;
}): ChartValues {
  if (!input.bandwidthManager) return {};
  const { bbr, bbrHostNamespaceOnly } = input.bandwidthManager;
  return {
    bandwidthManager: {
      enabled: true,
      ...((bbr || bbrHostNamespaceOnly) && { bbr: true }),
      ...(bbrHostNamespaceOnly && { bbrHostNamespaceOnly }),
    },
  };
}
