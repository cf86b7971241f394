import { redact } from "../../components/secretForms";
import type { ClusterSpec } from "../../components/spec";
import type { StampedEvent, StepMetadata } from "../report/engineEvents";
import { isWork, keyOf } from "../report/bars";
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
  /** What runs, by step, each as a detail: several resources of a line may be at work side by side. */
  readonly open: ReadonlyMap<string, string>;
}

/** All that a live view shows, in the order of the pipeline. */
export interface View {
  readonly nodes: ClusterSpec["nodes"];
  readonly lines: readonly ViewLine[];
}

const GATES = { apiServes: "API serves", ready: "Cluster ready" } as const;

/** When a resource of this type is there, and nothing else runs, its line is done. */
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
  return { nodes, lines: names.map(waiting) };
}

/** The view after one more event. Pure. */
export function advance(view: View, { at, event }: StampedEvent): View {
  const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = event;
  if (event.summaryEvent) return settled(view);
  if (resourcePreEvent) return began(view, resourcePreEvent.metadata, at);
  if (resOutputsEvent) return ended(view, resOutputsEvent.metadata, at, "done");
  if (resOpFailedEvent) return ended(view, resOpFailedEvent.metadata, at, "failed");
  // The engine's debugging messages hold secrets in clear.
  if (!diagnosticEvent?.ephemeral || diagnosticEvent.severity === "debug") return view;
  const text = redact(plainText(diagnosticEvent.message)).replace(/ \(\d+ s\)$/, "");
  const name = waitingLine(view, diagnosticEvent.urn, text);
  return name === undefined ? view : change(view, name, () => ({ detail: text }));
}

function waiting(name: string): ViewLine {
  return { name, state: "waiting", detail: "", open: new Map() };
}

function began(view: View, metadata: StepMetadata, at: number): View {
  if (!isShown(metadata)) return view;
  const name = lineOf(view, metadata.urn);
  if (metadata.op === "same") {
    return change(view, name, ({ state }) =>
      state === "waiting" ? { state: "unchanged" } : undefined,
    );
  }
  if (!isWork(metadata)) return view;
  const detail = `${labelOf(metadata.urn, name)}: ${metadata.op}`;
  return change(view, name, ({ begun = at, open }) => ({
    ...{ state: "running", begun, ended: undefined, detail },
    open: new Map(open).set(keyOf(metadata), detail),
  }));
}

function ended(view: View, metadata: StepMetadata, at: number, result: "done" | "failed"): View {
  if (!isShown(metadata) || !isWork(metadata)) return view;
  const name = lineOf(view, metadata.urn);
  return change(view, name, (line) => {
    const open = new Map(line.open);
    open.delete(keyOf(metadata));
    const state = line.state === "failed" ? "failed" : result;
    if (state === "failed") return { state, ended: at, detail: "", open };
    if (open.size > 0) return { detail: [...open.values()].at(-1)!, open };
    const isLast = LAST_OF_LINE.has(metadata.type) || name === STAGES.other;
    return { ...(isLast && { state }), ended: at, detail: "", open };
  });
}

/** At the end of a run, a line that waits for nothing any more is done, whatever it consisted of. */
function settled(view: View): View {
  const isDone = ({ state, open }: ViewLine) => state === "running" && open.size === 0;
  return {
    ...view,
    lines: view.lines.map((line) => (isDone(line) ? { ...line, state: "done" } : line)),
  };
}

/** Components do nothing, a Stash that is no gate keeps a value, and providers come of themselves. */
function isShown({ urn, old, new: made }: StepMetadata): boolean {
  const type = urnParts(urn).types.at(-1)!;
  if ((made ?? old)?.custom !== true || type.startsWith("pulumi:providers:")) return false;
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
  const lines = known ? view.lines : [...view.lines, waiting(name)];
  return {
    ...view,
    lines: lines.map((line) => (line.name === name ? { ...line, ...to(line) } : line)),
  };
}
