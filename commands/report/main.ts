import * as path from "node:path";

import { Command } from "commander";

import { findStackFile } from "../stackFile/findStackFile";
import { readStackFile } from "../stackFile/readStackFile";
import { exportStack } from "./pulumiCli";
import { reportRun } from "./reportRun";

const ROOT = path.join(__dirname, "../..");

/** npm runs scripts in the root; a path was typed elsewhere. */
const FROM = process.env["INIT_CWD"] ?? process.cwd();

/**
 * `npm run report -- <stack>`: the report of a stack that somebody's `pulumi up` brought up, from its
 * state. The lab writes its own.
 */
async function report(stackName: string, { out }: { out: string }): Promise<void> {
  const stack = findStackFile(stackName, ROOT, FROM);
  const page = reportRun({
    stackName: stack.name,
    cluster: readStackFile(stack),
    exported: await exportStack(stack),
    folder: path.resolve(FROM, out),
  });
  console.log(path.relative(FROM, page));
}

new Command("npm run report --")
  .description("Writes the bootstrap report of a stack as it is.")
  .argument("<stack>", "the stack, by name or by the path of its file")
  .option("--out <folder>", "where the report goes", path.join(ROOT, "report"))
  .action(report)
  .parseAsync(process.argv)
  .catch((error: Error) => {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  });
