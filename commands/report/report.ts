import type { BootstrapTimeline } from "../../components/gates/timeline";
import type { Problem } from "../../components/problems";
import { redact } from "../../components/secretForms";
import type { ClusterSpec } from "../../components/spec";
import { durationSeconds } from "../../components/spec";
import type { Run } from "./bars";
import type { Lane } from "./lanes";
import { lanesOf, seconds } from "./lanes";
import type { Phase } from "./phases";
import { marksOf, phasesOf, type Mark } from "./phases";

/** All that the page shows, and what `report.json` holds. Times are seconds since the run began. */
export interface Report {
  readonly formatVersion: 1;
  readonly stack: string;
  readonly clusterName: string;
  readonly run: {
    readonly source: Run["source"];
    readonly result: Run["result"];
    /** ISO time. */
    readonly begun: string;
    readonly seconds: number;
  };
  /** From the accepted bootstrap to the last node Ready. */
  readonly window: {
    /** Absent while it is not over. */
    readonly secondsUsed?: number;
    readonly secondsBudgeted: number;
  };
  readonly marks: readonly Mark[];
  readonly phases: readonly Phase[];
  readonly lanes: readonly Lane[];
  readonly topology: Topology;
  readonly versions: Readonly<Record<string, string>>;
  /** Rules that warn of the configuration, and what engine, program and policies said in the run. */
  readonly findings: readonly Finding[];
}

export interface Topology {
  readonly clusterEndpoint: string;
  readonly controlPlanes: readonly TopologyNode[];
  readonly workers: readonly TopologyNode[];
  readonly podSubnets: readonly string[];
  readonly serviceSubnets: readonly string[];
  readonly dnsDomain: string;
  /** How agents reach the API server: KubePrism's port on each node; absent where it is off. */
  readonly kubePrismPort?: number;
  readonly kubeProxyReplacement: boolean;
}

export interface TopologyNode {
  readonly hostname: string;
  readonly ipAddress: string;
}

export interface Finding {
  readonly severity: "warning" | "error";
  /** The rule's id, or who said it. */
  readonly from: string;
  readonly text: string;
}

export interface ReportInput {
  readonly stackName: string;
  readonly spec: ClusterSpec;
  /** What the rules warn of. */
  readonly warnings: readonly Problem[];
  readonly run: Run;
  /** The stack's output of that name; absent before the first run that got there. */
  readonly timeline: BootstrapTimeline | undefined;
}

/** Puts a run, the stack's timeline and its spec together. Nothing secret is read. Pure. */
export function buildReport({ stackName, spec, warnings, run, timeline }: ReportInput): Report {
  const origin = run.begun;
  const marks = marksOf(timeline, origin, run.ended);
  return {
    formatVersion: 1,
    stack: stackName,
    clusterName: spec.clusterName,
    run: {
      source: run.source,
      result: run.result,
      begun: new Date(origin).toISOString(),
      seconds: seconds(run.ended - origin),
    },
    window: {
      ...(timeline?.secondsUsed !== undefined && { secondsUsed: timeline.secondsUsed }),
      secondsBudgeted: timeline?.secondsBudgeted ?? durationSeconds(spec.bootstrapWindow),
    },
    marks,
    phases: phasesOf(timeline, marks, seconds((run.bars[0]?.begun ?? origin) - origin)),
    lanes: lanesOf(run.bars, spec.nodes, origin),
    topology: topologyOf(spec),
    versions: {
      Talos: spec.talosVersion,
      Kubernetes: spec.kubernetesVersion,
      Cilium: spec.cilium.version,
      "Config contract": spec.configContract,
      Chart: spec.cilium.chart,
    },
    findings: [
      ...warnings.map(({ id, propertyPath, reason, fix }) => ({
        severity: "warning" as const,
        from: id,
        text: redact(`${propertyPath}: ${reason}. ${fix}`),
      })),
      ...run.messages.map(({ severity, text }) => ({ severity, from: "run", text })),
    ],
  };
}

function topologyOf(spec: ClusterSpec): Topology {
  const typed = (type: string) =>
    spec.nodes
      .filter(({ machineType }) => machineType === type)
      .map(({ hostname, ipAddress }) => ({ hostname, ipAddress }));
  return {
    clusterEndpoint: spec.clusterEndpoint,
    controlPlanes: typed("controlplane"),
    workers: typed("worker"),
    podSubnets: spec.podSubnets,
    serviceSubnets: spec.serviceSubnets,
    dnsDomain: spec.dnsDomain,
    ...(spec.kubePrism.enabled && { kubePrismPort: spec.kubePrism.port }),
    kubeProxyReplacement: spec.cilium.kubeProxyReplacement,
  };
}
