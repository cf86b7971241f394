import * as z from "zod/mini";

import { defaultedField, optionalField } from "../field";

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
