import type { ChartValues } from "../chartValues";
import { type ClashRule, get, given, on } from "./clashRule";

const EXAMPLE_HOST = "chart-example.local";
const METRICS = "hubble.metrics";

/** Hubble beyond what ends the render: who sees it, and metrics that nobody makes. */
export const hubbleRules: readonly ClashRule[] = [
  {
    id: "hubble-ui-example-host",
    silenceable: true,
    typed: true,
    path: "hubble.ui.ingress.hosts",
    breaks: (values) =>
      on(values, "hubble.ui.enabled") &&
      on(values, "hubble.ui.ingress.enabled") &&
      asks(values, "hubble.ui.ingress.hosts").includes(EXAMPLE_HOST),
    reason: `the Ingress would answer to ${EXAMPLE_HOST}, the chart's example`,
    fix: "set the names that the UI shall have",
  },
  {
    id: "hubble-ui-in-clear",
    warns: true,
    typed: true,
    path: "hubble.ui.service.type",
    breaks: (values) =>
      on(values, "hubble.ui.enabled") &&
      ["LoadBalancer", "NodePort"].includes(String(get(values, "hubble.ui.service.type"))),
    reason: "the UI asks nobody who they are, and shows the cluster's traffic over plain HTTP",
    fix: "leave ClusterIP and go through an Ingress or Gateway with authentication, or through a port-forward",
  },
  {
    id: "hubble-metrics-without-hubble",
    silenceable: true,
    typed: true,
    path: `${METRICS}.enabled`,
    breaks: (values) =>
      get(values, "hubble.enabled") === false && given(values, `${METRICS}.enabled`),
    reason: "Hubble makes these metrics, and it is off",
    fix: "set hubble.enabled to true, or remove the metrics",
  },
  {
    id: "hubble-monitor-without-metrics",
    warns: true,
    typed: true,
    path: `${METRICS}.serviceMonitor.enabled`,
    breaks: (values) =>
      on(values, `${METRICS}.serviceMonitor.enabled`) &&
      !given(values, `${METRICS}.enabled`) &&
      !on(values, `${METRICS}.dynamic.enabled`),
    reason: `without a list in ${METRICS}.enabled there are no metrics to scrape`,
    fix: `set ${METRICS}.enabled, for example to [dns, drop, tcp, flow]`,
  },
  {
    id: "hubble-monitor-crds",
    warns: true,
    typed: true,
    path: `${METRICS}.serviceMonitor.enabled`,
    breaks: (values) =>
      on(values, "hubble.enabled", true) &&
      on(values, `${METRICS}.serviceMonitor.enabled`) &&
      given(values, `${METRICS}.enabled`) &&
      !on(values, "prometheus.serviceMonitor.trustCRDsExist"),
    reason:
      "the chart renders this monitor whether its CRD is there or not, and without the CRD the whole installation fails",
    fix: "leave it off until the CRDs of the Prometheus operator are there; then say so with prometheus.serviceMonitor.trustCRDsExist",
  },
  {
    id: "hubble-relay-mtls",
    silenceable: true,
    path: "hubble.relay.tls.server.mtls",
    breaks: (values) =>
      on(values, "hubble.relay.enabled") &&
      on(values, "hubble.relay.tls.server.mtls") &&
      !on(values, "hubble.relay.tls.server.enabled"),
    reason: "the relay cannot ask for certificates of clients while it serves no TLS",
    fix: "set hubble.relay.tls.server.enabled to true",
  },
  {
    id: "hubble-tls-method",
    warns: true,
    path: "hubble.tls.auto.method",
    breaks: (values) =>
      on(values, "hubble.enabled", true) &&
      on(values, "hubble.tls.enabled", true) &&
      get(values, "hubble.tls.auto.enabled") === false &&
      given(values, "hubble.tls.auto.method"),
    reason: "it does nothing: the certificates come in Secrets, and tls.auto is off",
    fix: "write the method under cilium.hubble.tls, which also switches tls.auto on",
  },
];

/** The list, or the chart's own where nothing is said. */
function asks(values: ChartValues, path: string): readonly unknown[] {
  const hosts = get(values, path);
  return hosts === undefined ? [EXAMPLE_HOST] : Array.isArray(hosts) ? hosts : [];
}
