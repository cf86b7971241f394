/** One step of Pulumi's engine on one resource; inputs and outputs are left out on purpose. */
export interface StepMetadata {
  /** `create`, `update`, `same`, `read`, …, in the engine's words. */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old?: StepState | null;
  readonly new?: StepState | null;
}

interface StepState {
  /** Made by a provider: not a component. */
  readonly custom?: boolean;
}

/** One event of the engine, as `--event-log` writes it: one member besides the time is there. */
export interface EngineEvent {
  /** Unix time in seconds: too coarse for a bar. */
  readonly timestamp: number;
  readonly preludeEvent?: unknown;
  readonly resourcePreEvent?: { readonly metadata: StepMetadata };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
  readonly resOpFailedEvent?: { readonly metadata: StepMetadata };
  readonly diagnosticEvent?: Diagnostic;
  readonly policyEvent?: { readonly message: string; readonly policyName: string };
  readonly summaryEvent?: { readonly durationSeconds: number; readonly result?: string };
}

export interface Diagnostic {
  readonly urn?: string;
  readonly message: string;
  /** `info`, `info#err`, `warning`, `error` or `debug`. */
  readonly severity: string;
  /** Progress, of no interest once it is over. */
  readonly ephemeral?: boolean;
}

/** An event and when it was seen. */
export interface StampedEvent {
  /** Unix time in milliseconds. */
  readonly at: number;
  readonly event: EngineEvent;
}

/**
 * An event log as Pulumi wrote it. Pure.
 *
 * @returns its events at the second that Pulumi noted; a last line that is cut off is left out.
 */
export function parseEventLog(text: string): StampedEvent[] {
  return text.split("\n").flatMap((line) => {
    const event = parseEvent(line);
    return event ? [{ at: event.timestamp * 1000, event }] : [];
  });
}

/** One line of an event log; undefined for one that is cut off. Pure. */
export function parseEvent(line: string): EngineEvent | undefined {
  if (line.trim() === "") return undefined;
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return undefined;
  }
}

/** A message without the marks that the CLI turns into colours. Pure. */
export function plainText(message: string): string {
  return message.replace(/<\{%[^%]*%\}>|\x1b\[[0-9;]*m/g, "").trim();
}

/** What a URN says: the types from the outermost component inwards, and the name. Pure. */
export function urnParts(urn: string): {
  readonly types: readonly string[];
  readonly name: string;
} {
  const [, , types = "", ...name] = urn.split("::");
  return { types: types.split("$"), name: name.join("::") };
}
