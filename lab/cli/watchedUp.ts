import * as path from "node:path";

import { audienceOf, endLine, watchRun, writeJson } from "../../commands/liveView/watchRun";
import { runOfEvents } from "../../commands/report/bars";
import type { StampedEvent } from "../../commands/report/engineEvents";
import { reportRun } from "../../commands/report/reportRun";
import type { StackExport } from "../../commands/report/stateRun";
import { readStackFile } from "../../commands/stackFile/readStackFile";
import type { ClusterSpec } from "../../components/spec";
import type { Engine } from "../engine/engine";
import type { PulumiResult } from "../engine/pulumiProcess";
import type { Session } from "./session";
import { REPORT_FOLDER } from "./stack";

/**
 * Runs `up`, shows it while it goes on, and writes its report.
 *
 * @returns the page's path, from where the user is; none after an interrupt, or where nothing was begun
 */
export async function watchedUp(
  session: Session,
  engine: Engine,
  spec: ClusterSpec,
  args: string[],
): Promise<PulumiResult & { report?: string }> {
  const { signal, json } = session;
  const watcher = watchRun(audienceOf(json, process.stdout.isTTY, args), spec, signal);
  const events: StampedEvent[] = [];
  const result = await engine.run("up", {
    ...{ args, signal, onLine: watcher.onLine },
    onEvent: (event) => {
      events.push(event);
      watcher.onEvent(event);
    },
  });
  watcher.end(result.exitCode !== 0 && !signal.aborted);
  const report = signal.aborted
    ? undefined
    : await writeLabReport(session, engine, events).catch(
        (error: Error) => void console.error(`no report: ${error.message}`),
      );
  if (json) writeJson(endLine(result, report));
  return { ...result, report };
}

/** Writes the report of a run, or of the stack as it is where there is none. @returns the page's path */
export async function writeLabReport(
  { stack }: Pick<Session, "stack">,
  engine: Engine,
  events: readonly StampedEvent[] = [],
): Promise<string> {
  const page = reportRun({
    stackName: stack.name,
    cluster: readStackFile(stack),
    exported: (await engine.exportState()) as StackExport,
    run: events.length > 0 ? runOfEvents(events) : undefined,
    folder: REPORT_FOLDER,
  });
  return path.relative(process.cwd(), page);
}
