import * as path from "node:path";

import { Command } from "commander";

import { INTERRUPTED, onInterrupt } from "../../lab/cli/interrupts";
import { runPulumi } from "../../lab/engine/pulumiProcess";
import { followEventLog } from "../liveView/followEventLog";
import { audienceOf, endLine, watchRun, writeJson } from "../liveView/watchRun";
import { runOfEvents } from "../report/bars";
import type { StampedEvent } from "../report/engineEvents";
import { exportStack, PULUMI, stackArguments } from "../report/pulumiCli";
import { reportRun } from "../report/reportRun";
import { absolutePolicyPacks } from "../policyPackPaths";
import { findStackFile, type StackFile } from "../stackFile/findStackFile";
import { formatLocated, readStackFile, type StackFileReading } from "../stackFile/readStackFile";

const ROOT = path.join(__dirname, "../..");

/** npm runs scripts in the root; a path was typed elsewhere. */
const FROM = process.env["INIT_CWD"] ?? process.cwd();

/**
 * `npm run up -- <stack> --yes`: the user's own `pulumi up` with the live view, and the report behind it.
 * It asks nothing, so it wants to be told that the preview has been looked at.
 */
async function up(
  stackName: string,
  args: string[],
  { yes, json }: { yes: boolean; json: boolean },
): Promise<void> {
  const stack = findStackFile(stackName, ROOT, FROM);
  const cluster = readStackFile(stack);
  if (!cluster.spec) throw new Error(formatLocated(cluster.problems, path.basename(stack.file)));
  if (!yes) {
    throw new Error(
      `this would change stack ${stack.name} without asking: look at \`pulumi preview --stack ${stack.name}\`, then add --yes`,
    );
  }
  const { signal, off } = onInterrupt();
  const watcher = watchRun(audienceOf(json, process.stdout.isTTY, args), cluster.spec, signal);
  const events: StampedEvent[] = [];
  const log = followEventLog((event) => {
    events.push(event);
    watcher.onEvent(event);
  });
  const result = await runPulumi(
    PULUMI,
    ["up", "--yes", "--skip-preview", "--non-interactive", "--suppress-progress"].concat(
      stackArguments(stack),
      log.args,
      absolutePolicyPacks(args, FROM),
    ),
    {
      ...{ cwd: stack.projectDirectory, onLine: watcher.onLine, signal },
      env: { ...process.env, ...log.env },
    },
  ).finally(() => {
    log.end();
    off();
  });
  watcher.end(result.exitCode !== 0 && !result.interrupted);
  process.exitCode = result.interrupted ? INTERRUPTED : result.exitCode;
  const report = await writeReport(stack, cluster, events).catch(
    // Of a stack that does not exist, or whose backend refuses the user, there is nothing to report.
    (error: Error) => void console.error(`no report: ${error.message}`),
  );
  if (json) writeJson(endLine(result, report));
  else if (report) console.log(`Report: ${report}`);
}

/** @returns the page's path, from where the user is */
async function writeReport(
  stack: StackFile,
  cluster: StackFileReading,
  events: readonly StampedEvent[],
): Promise<string> {
  const page = reportRun({
    ...{ stackName: stack.name, cluster, folder: path.join(ROOT, "report") },
    exported: await exportStack(stack),
    run: events.length > 0 ? runOfEvents(events) : undefined,
  });
  return path.relative(FROM, page);
}

new Command("npm run up --")
  .description("Runs `pulumi up` with one line a stage and node, and writes the report behind it.")
  .argument("<stack>", "the stack, by name or by the path of its file")
  .argument("[args...]", "more arguments of `pulumi up`, behind --")
  .option("--yes", "the preview has been looked at", false)
  .option("--json", "tell of the run in JSON, one object a line", false)
  .action(up)
  .parseAsync(process.argv)
  .catch((error: Error) => {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  });
