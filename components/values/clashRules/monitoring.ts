import type { ChartValues } from "../chartValues";
import { type ClashRule, given, hasEnvoyPods, on } from "./clashRule";

interface Monitored {
  /** Where `serviceMonitor` stands. */
  readonly at: string;
  /** Whether it has metrics where nothing is said. */
  readonly unset: boolean;
  readonly runs: (values: ChartValues) => boolean;
}

const MONITORED: readonly Monitored[] = [
  { at: "prometheus", unset: false, runs: (values) => on(values, "agent", true) },
  {
    at: "operator.prometheus",
    unset: true,
    runs: (values) => on(values, "operator.enabled", true),
  },
  { at: "envoy.prometheus", unset: true, runs: hasEnvoyPods },
  {
    at: "hubble.relay.prometheus",
    unset: false,
    runs: (values) => on(values, "hubble.relay.enabled"),
  },
];

/** ServiceMonitors of the Prometheus operator, whose CRDs Cilium does not bring. */
export const monitoringRules: readonly ClashRule[] = [
  ...MONITORED.map(({ at, unset, runs }): ClashRule => ({
    id: `${at.split(".").at(-2) ?? "agent"}-monitor-without-metrics`,
    warns: true,
    path: `${at}.serviceMonitor.enabled`,
    breaks: (values) =>
      on(values, `${at}.serviceMonitor.enabled`) &&
      runs(values) &&
      !on(values, `${at}.enabled`, unset),
    reason: `${at}.enabled is off, so there are no metrics to scrape and the chart leaves the monitor out`,
    fix: `set ${at}.enabled to true`,
  })),
  {
    id: "service-monitor-crds",
    warns: true,
    path: "prometheus.serviceMonitor.trustCRDsExist",
    breaks: (values) =>
      !on(values, "prometheus.serviceMonitor.trustCRDsExist") &&
      MONITORED.some(
        ({ at, unset, runs }) =>
          on(values, `${at}.serviceMonitor.enabled`) &&
          runs(values) &&
          on(values, `${at}.enabled`, unset),
      ),
    reason:
      "the installation, and with it the pod network, fails where the CRD of ServiceMonitors is not there yet",
    fix: "switch monitors on once the CRDs of the Prometheus operator are there, and set this to true",
  },
  {
    id: "dashboards-without-metrics",
    warns: true,
    typed: true,
    path: "dashboards.enabled",
    breaks: (values) => on(values, "dashboards.enabled") && !on(values, "prometheus.enabled"),
    reason: "prometheus.enabled is off, so the dashboard of the agents stays empty",
    fix: "set prometheus.enabled to true, or dashboards.enabled to false",
  },
  {
    id: "hubble-dashboards-without-metrics",
    warns: true,
    typed: true,
    path: "hubble.metrics.dashboards.enabled",
    breaks: (values) =>
      on(values, "hubble.metrics.dashboards.enabled") &&
      !given(values, "hubble.metrics.enabled") &&
      !on(values, "hubble.metrics.dynamic.enabled"),
    reason: "hubble.metrics.enabled names no metrics, so the dashboards stay empty",
    fix: "set hubble.metrics.enabled, for example to [dns, drop, tcp, flow]",
  },
];
