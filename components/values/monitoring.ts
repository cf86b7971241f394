import type { Monitoring } from "../spec/cilium/monitoring";
import type { ChartValues } from "./chartValues";

/**
 * Metrics and dashboards. ServiceMonitors are no part of the release: with their CRD missing the
 * whole installation would fail, and a cluster without a network can install no operator that
 * brings it. The Services that they select are.
 */
export function monitoringValues(input: {
  readonly monitoring?: Monitoring;
  readonly hubble: {
    readonly enabled: boolean;
    readonly relay: boolean;
    readonly metrics?: readonly string[];
  };
}): ChartValues {
  const { monitoring, hubble } = input;
  if (!monitoring) return {};
  const { serviceMonitors, dashboards } = monitoring;
  const prometheus = { enabled: true, ...(serviceMonitors && { metricsService: true }) };
  const shown = dashboards && { dashboards: { enabled: true } };
  return {
    prometheus,
    ...shown,
    operator: { prometheus, ...shown },
    envoy: { prometheus: { enabled: true } },
    ...(hubble.enabled && {
      hubble: {
        // Its dashboards stay empty without any.
        ...(hubble.metrics?.length && shown && { metrics: shown }),
        ...(hubble.relay && { relay: { prometheus: { enabled: true } } }),
      },
    }),
  };
}
