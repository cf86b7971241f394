import type { BootstrapTimeline } from "../../components/gates/timeline";
import { elapsed } from "./progress";
import { runCommand } from "./stack";

/** Calls that changed a machine, and those that changed an object of the API server. */
export interface MutatingCalls {
  nodes: number;
  apiServer: number;
}

export function mutatingCalls({ nodes, apiServer }: MutatingCalls): string {
  return `calls that changed something: ${nodes} to machines, ${apiServer} to the API server`;
}

/** The marks of the timeline, in the order in which they come. */
const MARKS = {
  bootstrapAccepted: "bootstrap accepted",
  apiServing: "API serving",
  ciliumApplied: "Cilium applied",
  firstAgentReady: "first agent ready",
  firstNodeReady: "first node Ready",
  allReady: "all nodes Ready",
} as const satisfies Partial<Record<keyof BootstrapTimeline, string>>;

/**
 * What a lab that is up tells its user: nodes, timeline, time, what the run changed, and what can be done next.
 *
 * @param nodes the table of `kubectl get nodes`
 * @param changes calls of this run that changed something
 */
export function summarize(input: {
  stackName: string;
  nodes: string;
  timeline: BootstrapTimeline | undefined;
  milliseconds: number;
  changes: MutatingCalls;
}): string[] {
  const run = runCommand(input.stackName);
  return [
    "",
    ...input.nodes.split("\n").map((line) => `  ${line}`.trimEnd()),
    "",
    ...(input.timeline ? timelineLines(input.timeline) : []),
    `Lab ${input.stackName} is up after ${elapsed(input.milliseconds)}; ${mutatingCalls(input.changes)}.`,
    `  ${run} kubectl get pods -A   looks around`,
    `  ${run} up                    brings a changed configuration in`,
    `  ${run} destroy               takes everything away`,
  ];
}

/** One line a mark, with the time since the bootstrap call was accepted. */
export function timelineLines(timeline: BootstrapTimeline): string[] {
  const start = Date.parse(timeline.bootstrapAccepted ?? "");
  const lines = Object.entries(MARKS).flatMap(([mark, title]) => {
    const at = Date.parse(timeline[mark as keyof typeof MARKS] ?? "");
    return Number.isNaN(at - start) ? [] : [`  ${title.padEnd(20)}+${elapsed(at - start)}`];
  });
  const { secondsUsed, secondsBudgeted } = timeline;
  const used = secondsUsed === undefined ? "" : `, ${secondsUsed} of ${secondsBudgeted} s used`;
  return lines.length > 0 ? [`Bootstrap timeline${used}`, ...lines, ""] : [];
}
