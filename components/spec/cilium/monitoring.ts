import * as z from "zod/mini";

import { defaultedField, optionalField } from "../field";

const relabeling = z.strictObject({
  action: optionalField(z.string(), "What happens. Left out: replace."),
  sourceLabels: optionalField(z.array(z.string()), "Labels whose values are joined.", {
    examples: [["__meta_kubernetes_pod_node_name"]],
  }),
  separator: optionalField(z.string(), "What joins them. Left out: a semicolon."),
  regex: optionalField(z.string(), "Expression that the joined values match. Left out: any."),
  replacement: optionalField(z.string(), "What the label gets. Left out: $1, what matched."),
  targetLabel: optionalField(z.string(), "Label that is written.", { examples: ["node"] }),
});

const schema = z.strictObject({
  serviceMonitors: defaultedField(
    z.boolean(),
    false,
    "Whether the program makes a ServiceMonitor for each part. It waits for the CRD of Prometheus' operator, which somebody else installs.",
  ),
  interval: optionalField(z.string(), "Time between two scrapes, a Go duration. Left out: 10s.", {
    examples: ["30s"],
  }),
  labels: optionalField(
    z.record(z.string(), z.string()),
    "Labels of the ServiceMonitors, by which a Prometheus may choose them.",
    { examples: [{ release: "prometheus" }] },
  ),
  relabelings: optionalField(
    z.array(relabeling),
    "What the ServiceMonitors make of the labels of a target before it is scraped, in the words of Prometheus' operator.",
  ),
  dashboards: defaultedField(
    z.boolean(),
    false,
    "Whether dashboards for Grafana come as ConfigMaps, half a megabyte of them.",
  ),
});

export type Monitoring = z.output<typeof schema>;

export const monitoring = optionalField(
  schema,
  "Metrics of agents, operator, Envoy and Hubble Relay; {} switches them on. Left out: those of operator and Envoy alone.",
);
