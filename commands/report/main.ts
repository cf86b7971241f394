import * as path from "node:path";

import { Command } from "commander";

import { findStack, parseCluster, REPORT_FOLDER } from "../../lab/cli/stack";
import { exportStack } from "./pulumiCli";
import { reportRun } from "./reportRun";

/**
 * `npm run report -- <stack>`: the report of a stack that somebody's `pulumi up` brought up, from its
 * state. The lab writes its own.
 */
async function report(stackName: string, { out }: { out: string }): Promise<void> {
  const stack = findStack(stackName);
  const page = reportRun({
    stackName: stack.name,
    cluster: parseCluster(stack),
    exported: await exportStack(stack),
    folder: path.resolve(out),
  });
  console.log(path.relative(process.cwd(), page));
}

new Command("npm run report --")
  .description("Writes the bootstrap report of a stack as it is.")
  .argument("<stack>", "the stack, by name or by the path of its file")
  .option("--out <folder>", "where the report goes", REPORT_FOLDER)
  .action(report)
  .parseAsync(process.argv)
  .catch((error: Error) => {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  });
