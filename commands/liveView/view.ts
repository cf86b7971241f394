import { redact } from "../../components/problems";
import type { ClusterSpec } from "../../components/spec";
import type { StampedEvent, StepMetadata } from "../report/engineEvents";
import { plainText, urnParts } from "../report/engineEvents";
import { isGate, labelOf, laneNames, laneOf, STAGES } from "../report/lanes";

/** A stage or a node, as the live view shows it. */
export interface ViewLine {
  readonly name: string;
  readonly state: "waiting" | "running" | "done" | "unchanged" | "failed";
  /** Unix times in milliseconds. */
  readonly begun?: number;
  readonly ended?: number;
  /** What runs, or what is waited for; empty while nothing does. */
  readonly detail: string;
}

/** All that a live view shows, in the order of the pipeline. */
export interface View {
  readonly nodes: ClusterSpec["nodes"];
  readonly lines: readonly ViewLine[];
}

const GATES = { apiServes: "API serves", ready: "Cluster ready" } as const;

/** When a resource of this type is there, its line is done. */
const LAST_OF_LINE = new Set([
  "talos:machine/secrets:Secrets",
  "talos:machine/configurationApply:ConfigurationApply",
  "talos:cluster/kubeconfig:Kubeconfig",
  "kubernetes:helm.sh/v3:Release",
  "pulumi:index:Stash",
]);

/** The view of a run that has not begun. Pure. */
export function emptyView({ nodes }: Pick<ClusterSpec, "nodes">): View {
  const names = laneNames(nodes)
    .map(({ name }) => name)
    // These have a line only once there is something in them.
    .filter((name) => name !== STAGES.configuration && name !== STAGES.other)
    .flatMap((name) => {
      if (name === STAGES.bootstrap) return [name, GATES.apiServes];
      return name === STAGES.cilium ? [name, GATES.ready] : [name];
    });
  return { nodes, lines: names.map((name) => ({ name, state: "waiting", detail: "" })) };
}

/** The view after one more event. Pure. */
export function advance(view: View, { at, event }: StampedEvent): View {
  const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = event;
  if (resourcePreEvent) return began(view, resourcePreEvent.metadata, at);
  if (resOutputsEvent) return ended(view, resOutputsEvent.metadata, at, "done");
  if (resOpFailedEvent) return ended(view, resOpFailedEvent.metadata, at, "failed");
  // The engine's debugging messages hold secrets in clear.
  if (!diagnosticEvent?.ephemeral || diagnosticEvent.severity === "debug") return view;
  const text = redact(plainText(diagnosticEvent.message)).replace(/ \(\d+ s\)$/, "");
  const name = waitingLine(view, diagnosticEvent.urn, text);
  return name === undefined ? view : change(view, name, () => ({ detail: text }));
}

function began(view: View, { urn, op, old, new: made }: StepMetadata, at: number): View {
  if (!isShown(urn, made ?? old)) return view;
  const name = lineOf(view, urn);
  if (op === "same") {
    return change(view, name, ({ state }) =>
      state === "waiting" ? { state: "unchanged" } : undefined,
    );
  }
  return change(view, name, ({ begun = at }) => ({
    state: "running",
    begun,
    ended: undefined,
    detail: `${labelOf(urn, name)}: ${op}`,
  }));
}

function ended(
  view: View,
  { urn, op, type, old, new: made }: StepMetadata,
  at: number,
  result: "done" | "failed",
): View {
  if (!isShown(urn, made ?? old) || op === "same") return view;
  return change(view, lineOf(view, urn), ({ state }) => {
    if (result === "failed" || state === "failed")
      return { state: "failed", ended: at, detail: "" };
    return LAST_OF_LINE.has(type) || lineOf(view, urn) === STAGES.other
      ? { state: "done", ended: at, detail: "" }
      : { ended: at, detail: "" };
  });
}

/** Components do nothing, a Stash that is no gate keeps a value, and providers come of themselves. */
function isShown(urn: string, state: StepMetadata["new"]): boolean {
  const type = urnParts(urn).types.at(-1)!;
  if (state?.custom !== true || type.startsWith("pulumi:providers:")) return false;
  return type !== "pulumi:index:Stash" || isGate(urn);
}

function lineOf({ nodes }: View, urn: string): string {
  if (!isGate(urn)) return laneOf(urn, nodes);
  return urn.endsWith("-api-serves") ? GATES.apiServes : GATES.ready;
}

/** The hooks that wait name a node or nothing: then it is the line that began last. */
function waitingLine(view: View, urn: string | undefined, text: string): string | undefined {
  const running = view.lines.filter(({ state }) => state === "running");
  // What a hook says without naming a resource is said of the whole stack.
  const isNamed = urn && urnParts(urn).types.length > 1;
  const own = isNamed && running.find(({ name }) => name === lineOf(view, urn));
  const node = running.find(({ name }) => new RegExp(`\\b${name}\\b \\(`).test(text));
  const latest = running.toSorted((a, b) => b.begun! - a.begun!)[0];
  return (own || node || latest)?.name;
}

function change(
  view: View,
  name: string,
  to: (line: ViewLine) => Partial<ViewLine> | undefined,
): View {
  const known = view.lines.some((line) => line.name === name);
  const lines = known
    ? view.lines
    : [...view.lines, { name, state: "waiting" as const, detail: "" }];
  return {
    ...view,
    lines: lines.map((line) => (line.name === name ? { ...line, ...to(line) } : line)),
  };
}
