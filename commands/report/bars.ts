import { redact } from "../../components/secretForms";
import type { EngineEvent, StampedEvent, StepMetadata } from "./engineEvents";
import { plainText } from "./engineEvents";

/** One resource at work. */
export interface ResourceBar {
  readonly urn: string;
  /** In the engine's words: `create`, `update`, `read`, … */
  readonly operation: string;
  /** Unix times in milliseconds. */
  readonly begun: number;
  readonly ended: number;
  /** `unfinished`: the run ended before the resource did. */
  readonly result: "done" | "failed" | "unfinished";
}

/** One run of the engine, or what the state tells of the runs so far. */
export interface Run {
  /** Where the bars come from: a run's own events, or the times in the state. */
  readonly source: "events" | "state";
  /** Unix times in milliseconds. */
  readonly begun: number;
  readonly ended: number;
  readonly result: "succeeded" | "failed" | "unfinished";
  readonly bars: readonly ResourceBar[];
  /** Warnings and errors of engine, program and policies, without secrets. */
  readonly messages: readonly RunMessage[];
}

export interface RunMessage {
  readonly severity: "warning" | "error";
  readonly text: string;
}

/** What leaves a resource as it is, or only accompanies another step on it. */
const NO_WORK = new Set(["same", "replace", "remove-pending-replace", "read-discard"]);

/** What a run did, from its events in their order. Components do nothing themselves. Pure. */
export function runOfEvents(events: readonly StampedEvent[]): Run {
  const begun = events[0]?.at ?? 0;
  const ended = events.at(-1)?.at ?? begun;
  const open = new Map<string, ResourceBar>();
  const bars: ResourceBar[] = [];
  const close = (metadata: StepMetadata, at: number, result: ResourceBar["result"]) => {
    const key = keyOf(metadata);
    const bar = open.get(key);
    if (!bar) return;
    open.delete(key);
    bars.push({ ...bar, ended: at, result });
  };
  for (const { at, event } of events) {
    const started = event.resourcePreEvent?.metadata;
    if (started && isWork(started)) {
      const { urn, op: operation } = started;
      open.set(keyOf(started), { urn, operation, begun: at, ended, result: "unfinished" });
    }
    if (event.resOutputsEvent) close(event.resOutputsEvent.metadata, at, "done");
    if (event.resOpFailedEvent) close(event.resOpFailedEvent.metadata, at, "failed");
  }
  bars.push(...open.values());
  const messages = withoutRepeats(events.flatMap(({ event }) => messageOf(event) ?? []));
  const summary = events.find(({ event }) => event.summaryEvent)?.event.summaryEvent;
  const failed = [...bars, ...messages].some(isFailure);
  return {
    ...{ source: "events", begun, ended, messages },
    result: resultOf(summary, failed),
    bars: bars.sort((a, b) => a.begun - b.begun || a.ended - b.ended),
  };
}

/** Whether a step does something itself. Pure. */
export function isWork({ op, old, new: made }: StepMetadata): boolean {
  return !NO_WORK.has(op) && (made ?? old)?.custom === true;
}

/** What tells steps apart: a replacement is two of them on one URN. Pure. */
export function keyOf({ urn, op }: StepMetadata): string {
  return `${op} ${urn}`;
}

function isFailure(each: ResourceBar | RunMessage): boolean {
  return "severity" in each ? each.severity === "error" : each.result === "failed";
}

/** A run has its summary at the end; CLIs before 3.2xx leave the result out of it. */
function resultOf(summary: EngineEvent["summaryEvent"], failed: boolean): Run["result"] {
  if (summary?.result === "succeeded" || summary?.result === "failed") return summary.result;
  if (failed) return "failed";
  return summary && summary.result === undefined ? "succeeded" : "unfinished";
}

function messageOf(event: StampedEvent["event"]): RunMessage | undefined {
  const { diagnosticEvent: diagnostic, policyEvent: policy } = event;
  if (policy) {
    return { severity: "warning", text: `policy ${policy.policyName}: ${clean(policy.message)}` };
  }
  if (!diagnostic || diagnostic.ephemeral) return undefined;
  const { severity, message } = diagnostic;
  return severity === "warning" || severity === "error"
    ? { severity, text: clean(message) }
    : undefined;
}

function clean(message: string): string {
  return redact(plainText(message)).replace(/^(error|warning): /, "");
}

function withoutRepeats(messages: readonly RunMessage[]): RunMessage[] {
  return [...new Map(messages.map((message) => [message.text, message])).values()];
}
