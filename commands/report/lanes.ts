import type { NodeSpec } from "../../components/spec";
import type { ResourceBar } from "./bars";
import { urnParts } from "./engineEvents";

/** A bar of the report; times are seconds since the run began. */
export interface ReportBar {
  readonly name: string;
  /** The name without what the lane says already. */
  readonly label: string;
  readonly type: string;
  readonly operation: string;
  readonly begun: number;
  readonly seconds: number;
  readonly result: ResourceBar["result"];
  /** It only waits for something. */
  readonly isGate: boolean;
}

export interface Lane {
  readonly name: string;
  readonly kind: "stage" | "controlplane" | "worker";
  readonly bars: readonly ReportBar[];
}

/** Stages that are no node, in the order of the pipeline. */
export const STAGES = {
  secrets: "Machine secrets",
  configuration: "Configuration",
  bootstrap: "Bootstrap",
  cilium: "Cilium",
  other: "Other resources",
} as const;

/** The component that a stage is the work of. */
const COMPONENTS: Readonly<Record<string, string>> = {
  "talos-cilium:index:MachineSecrets": STAGES.secrets,
  "talos-cilium:index:MachineConfiguration": STAGES.configuration,
  "talos-cilium:index:ClusterBootstrap": STAGES.bootstrap,
  "talos-cilium:index:Cilium": STAGES.cilium,
};

type Named = Pick<NodeSpec, "hostname" | "machineType">;

/** The lanes of a cluster in the order in which they are drawn: secrets, nodes, bootstrap, Cilium. */
export function laneNames(nodes: readonly Named[]): Omit<Lane, "bars">[] {
  const stage = (name: string) => ({ name, kind: "stage" as const });
  const typed = (kind: "controlplane" | "worker") =>
    nodes.filter((node) => node.machineType === kind).map(({ hostname: name }) => ({ name, kind }));
  return [
    stage(STAGES.secrets),
    stage(STAGES.configuration),
    ...typed("controlplane"),
    ...typed("worker"),
    stage(STAGES.bootstrap),
    stage(STAGES.cilium),
    stage(STAGES.other),
  ];
}

/** The lane that a resource belongs to: its node, else the component it is in. Pure. */
export function laneOf(urn: string, nodes: readonly Named[]): string {
  const { types, name } = urnParts(urn);
  const own = nodes
    .filter(
      ({ hostname }) =>
        name.endsWith(`-${hostname}-apply`) || name.endsWith(`-${hostname}-address`),
    )
    // `cp-1` ends as `1` does.
    .sort((a, b) => b.hostname.length - a.hostname.length)[0];
  if (own && types.includes("talos-cilium:index:MachineConfiguration")) return own.hostname;
  const component = types.findLast((type) => COMPONENTS[type]);
  if (component) return COMPONENTS[component]!;
  // Cilium's provider is a child of the cluster, because others may use it too.
  return types.includes("talos-cilium:index:TalosCluster") ? STAGES.cilium : STAGES.other;
}

/**
 * Puts each bar into its lane. Nodes have a lane even without a bar; other lanes only with one. Pure.
 *
 * @param origin Unix time in milliseconds that the bars are counted from
 */
export function lanesOf(
  bars: readonly ResourceBar[],
  nodes: readonly Named[],
  origin: number,
): Lane[] {
  return laneNames(nodes)
    .map(({ name, kind }) => {
      const own = bars.filter(({ urn }) => laneOf(urn, nodes) === name);
      return { name, kind, bars: own.map((bar) => reportBar(bar, name, origin)) };
    })
    .filter(({ kind, bars: own }) => kind !== "stage" || own.length > 0);
}

function reportBar(bar: ResourceBar, lane: string, origin: number): ReportBar {
  const { types, name } = urnParts(bar.urn);
  return {
    name,
    label: labelOf(bar.urn, lane),
    type: types.at(-1)!,
    operation: bar.operation,
    begun: seconds(bar.begun - origin),
    seconds: seconds(bar.ended - bar.begun),
    result: bar.result,
    isGate: isGate(bar.urn),
  };
}

/** A gate is a Stash that waits; the other ones keep a value. Pure. */
export function isGate(urn: string): boolean {
  const { types, name } = urnParts(urn);
  return types.at(-1) === "pulumi:index:Stash" && /-(api-serves|ready)$/.test(name);
}

/** `talos-cp-1-apply` in the lane `cp-1` is `apply`: the cluster's own name says nothing new. Pure. */
export function labelOf(urn: string, lane: string): string {
  const { types, name } = urnParts(urn);
  if (types.at(-1)!.startsWith("pulumi:providers:"))
    return `provider ${types.at(-1)!.split(":")[2]}`;
  const ofNode = name.lastIndexOf(`-${lane}-`);
  if (ofNode >= 0) return name.slice(ofNode + lane.length + 2);
  return types.length > 1 ? name.replace(/^[^-]+-/, "") : name;
}

/** Milliseconds as seconds, to the millisecond. */
export function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}
