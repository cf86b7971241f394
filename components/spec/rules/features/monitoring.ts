import { goRegexpFault } from "../../goRegexp";
import { nearest } from "../../nearest";
import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import type { CiliumRule } from "./ciliumRule";

/** What ServiceMonitors say, and what Hubble counts. */
export const monitoringFeatureRules: readonly CiliumRule[] = [
  { id: "monitoring-interval", check: monitoringInterval },
  { id: "monitoring-relabeling", check: monitoringRelabeling },
  { id: "hubble-metrics-unknown", warns: true, check: hubbleMetricsUnknown },
];

/** Prometheus' durations have whole numbers and, unlike Go's, days and weeks. */
const INTERVAL = /^(0|(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?)$/;

/** Actions that write a label, which has to be named. */
const WRITING = ["replace", "hashmod", "lowercase", "uppercase", "keepequal", "dropequal"];
const ACTIONS = [...WRITING, "keep", "drop", "labelmap", "labeldrop", "labelkeep"];

function* monitoringInterval({ monitoring }: CiliumSpec): Iterable<Finding> {
  const got = monitoring?.interval;
  if (got === undefined || INTERVAL.test(got)) return;
  yield {
    propertyPath: "cilium.monitoring.interval",
    got,
    reason: "Prometheus takes whole numbers with their units, the largest first",
    fix: "write for example 30s or 1m30s",
  };
}

function* monitoringRelabeling({ monitoring }: CiliumSpec): Iterable<Finding> {
  for (const [index, relabeling] of (monitoring?.relabelings ?? []).entries()) {
    const { action = "replace", regex, targetLabel } = relabeling;
    const of = (key: string, got: unknown, reason: string, fix: string): Finding => ({
      propertyPath: propertyPath(["cilium", "monitoring", "relabelings", index, key]),
      ...(got !== undefined && { got }),
      reason,
      fix,
    });
    const known = action.toLowerCase();
    if (!ACTIONS.includes(known)) {
      const meant = nearest(action, ACTIONS);
      const fix = meant ? `did you mean ${meant}?` : `write one of ${ACTIONS.join(", ")}`;
      yield of("action", action, "Prometheus' operator knows no such action", fix);
    } else if (WRITING.includes(known) && targetLabel === undefined) {
      yield of("targetLabel", undefined, `${known} writes a label, and none is named`, "name it");
    }
    const fault = goRegexpFault(regex ?? "");
    if (fault !== undefined) {
      const reason = `it is no regular expression of Go: ${fault}`;
      yield of("regex", regex, reason, "write for example (.+)");
    }
  }
}

/** What agents of Cilium 1.17 to 1.20 count; a word that they do not know leaves Hubble off. */
const METRICS = [
  ...["dns", "drop", "flow", "flows-to-world", "http", "httpV2", "icmp", "kafka", "policy"],
  ...["port-distribution", "sctp", "tcp"],
];

function* hubbleMetricsUnknown({ hubble }: CiliumSpec): Iterable<Finding> {
  for (const [index, got] of (hubble.metrics ?? []).entries()) {
    const name = got.split(":")[0]!;
    if (METRICS.includes(name)) continue;
    const meant = nearest(name, METRICS);
    yield {
      propertyPath: propertyPath(["cilium", "hubble", "metrics", index]),
      got,
      reason:
        "agents are not known to have such a metric, and one that they have not leaves Hubble off",
      fix: meant ? `did you mean ${meant}?` : `known are ${METRICS.join(", ")}`,
    };
  }
}
