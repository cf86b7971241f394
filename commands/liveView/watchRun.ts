import { redact } from "../../components/secretForms";
import type { ClusterSpec } from "../../components/spec";
import type { StampedEvent } from "../report/engineEvents";
import { plainText } from "../report/engineEvents";
import { drawView } from "./draw";
import { jsonLines, type JsonLine } from "./jsonLines";
import { Painter, type Terminal } from "./painter";
import { advance, emptyView, type ViewLine } from "./view";

/** Who watches: a person at a terminal, a log, or a machine. */
export type Audience = "terminal" | "plain" | "json";

/** Shows a run while it goes on. */
export interface RunWatcher {
  /** A line that the CLI printed. */
  onLine(line: string): void;
  onEvent(event: StampedEvent): void;
  /** The run is over. What the watcher has kept back is shown if the run failed. */
  end(failed: boolean): void;
}

/** Arguments of the CLI's that ask for its own output. */
const OWN_OUTPUT = /^(-j|-d|-v|--(json|diff|output|show-\S+|debug|verbose|logtostderr))(=|$)/;

/** Who watches a run whose CLI gets these arguments. Pure. */
export function audienceOf(json: boolean, isTerminal: boolean, args: readonly string[]): Audience {
  if (json) return "json";
  return isTerminal && !args.some((arg) => OWN_OUTPUT.test(arg)) ? "terminal" : "plain";
}

/** Writes one object a line to standard output. */
export function writeJson(line: JsonLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The last line about a run. Pure but for the time. */
export function endLine(
  { exitCode, interrupted, seconds }: { exitCode: number; interrupted: boolean; seconds: number },
  report?: string,
): JsonLine {
  const result = interrupted ? "interrupted" : exitCode === 0 ? "succeeded" : "failed";
  return {
    event: "end",
    time: new Date().toISOString(),
    result,
    seconds,
    ...(report && { report }),
  };
}

/**
 * A watcher of a run on this cluster.
 *
 * @param signal aborted when the user interrupts the run
 */
export function watchRun(
  audience: Audience,
  spec: Pick<ClusterSpec, "nodes">,
  signal: AbortSignal,
  terminal: Terminal = process.stdout,
): RunWatcher {
  if (audience === "plain") {
    return { onLine: (line) => console.log(line), onEvent: () => undefined, end: () => undefined };
  }
  return audience === "json" ? jsonWatcher(spec) : terminalWatcher(spec, signal, terminal);
}

function jsonWatcher(spec: Pick<ClusterSpec, "nodes">): RunWatcher {
  let view = emptyView(spec);
  return {
    onLine: (line) => console.error(line),
    onEvent: (event) => {
      const after = advance(view, event);
      jsonLines(view, after, event).forEach(writeJson);
      view = after;
    },
    end: () => undefined,
  };
}

function terminalWatcher(
  spec: Pick<ClusterSpec, "nodes">,
  signal: AbortSignal,
  terminal: Terminal,
): RunWatcher {
  let view = emptyView(spec);
  let told = false;
  const printed: string[] = [];
  const painter = new Painter(terminal, () =>
    drawView(view, Date.now(), {
      // Some terminals do not tell their size.
      columns: terminal.columns || 80,
      rows: terminal.rows || 24,
      colours: !process.env.NO_COLOR,
    }),
  );
  // What was said about the interrupt stands below the picture: the next one comes below that.
  const leave = () => painter.leave();
  signal.addEventListener("abort", leave, { once: true });
  return {
    onLine: (line) => printed.push(line),
    onEvent: (event) => {
      view = advance(view, event);
      const message = event.event.diagnosticEvent;
      if (!message || message.ephemeral || message.severity === "debug") return;
      told ||= message.severity === "error";
      painter.print(redact(plainText(message.message)));
    },
    end: (failed) => {
      signal.removeEventListener("abort", leave);
      // What a run that came to its end never touched is no part of it.
      const isPart = ({ state }: ViewLine) => failed || state !== "waiting";
      view = { ...view, lines: view.lines.filter(isPart) };
      painter.end();
      // The CLI can fail before the engine begins, and then only its own words say why.
      if (failed && !told) printed.forEach((line) => console.error(line));
    },
  };
}
