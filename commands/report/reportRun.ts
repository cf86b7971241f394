import type { BootstrapTimeline } from "../../components/gates/timeline";
import { formatProblems } from "../../components/problems";
import type { StackFileReading } from "../stackFile/readStackFile";
import type { Run } from "./bars";
import { buildReport, type Report } from "./report";
import type { StackExport } from "./stateRun";
import { runOfState, stackOutputs } from "./stateRun";
import { writeReport } from "./writeReport";

export interface ReportRunInput {
  readonly stackName: string;
  readonly cluster: StackFileReading;
  /** `pulumi stack export`, its secrets encrypted. */
  readonly exported: StackExport;
  /** The run that was watched; absent: what the state tells. */
  readonly run?: Run;
  /** Where the report goes. */
  readonly folder: string;
}

/** What is created shortly after the last node is Ready still belongs to the bootstrap. */
const AFTERWARDS = 60_000;

/**
 * Writes the report of a run.
 *
 * @returns the path of the page
 * @throws Error when the stack's configuration is not valid, or there is nothing to report
 */
export function reportRun({ folder, ...input }: ReportRunInput): string {
  return writeReport(reportOf(input), folder);
}

/** A run that changed nothing shows the bootstrap as the state remembers it. Pure. */
export function reportOf(input: Omit<ReportRunInput, "folder">): Report {
  const { stackName, cluster, exported, run } = input;
  if (!cluster.spec) throw new Error(formatProblems(cluster.problems));
  const timeline = timelineOf(exported);
  const allReady = Date.parse(timeline?.allReady ?? "");
  const remembered = runOfState(
    exported,
    Number.isNaN(allReady) ? undefined : allReady + AFTERWARDS,
  );
  const isEmpty = remembered.bars.length === 0;
  if (!run && isEmpty) {
    throw new Error(`stack ${stackName} has no resource yet: bring it up first`);
  }
  const changed = run && (run.bars.length > 0 || run.result === "failed" || isEmpty);
  return buildReport({
    ...{ stackName, spec: cluster.spec, warnings: cluster.warnings, timeline },
    run: changed ? run : { ...remembered, messages: run?.messages ?? [] },
  });
}

function timelineOf(exported: StackExport): BootstrapTimeline | undefined {
  const value = stackOutputs(exported)["bootstrapTimeline"] as
    | Partial<BootstrapTimeline>
    | undefined;
  // Encrypted, it would be an object without a budget.
  return value?.secondsBudgeted === undefined ? undefined : (value as BootstrapTimeline);
}
