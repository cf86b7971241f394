import { readFileSync } from "node:fs";
import * as path from "node:path";

import { Command } from "commander";

import { cliVersionText } from "../../components/cilium/cli/cliVersion";
import { durationSeconds } from "../../components/spec";
import { INTERRUPTED, onInterrupt } from "../../lab/cli/interrupts";
import { kubeconfigOf } from "../report/pulumiCli";
import { findStackFile } from "../stackFile/findStackFile";
import { formatLocated, readStackFile } from "../stackFile/readStackFile";
import { checkCiliumCli, testArguments } from "./ciliumCli";
import { clusterNamespaces } from "./clusterNamespaces";
import { runTest } from "./runTest";

const ROOT = path.join(__dirname, "../..");

/** npm runs scripts in the root; a path was typed elsewhere. */
const FROM = process.env["INIT_CWD"] ?? process.cwd();

interface Options {
  readonly kubeconfig?: string;
  readonly timeLimit: string;
}

/** `npm run connectivity -- <stack>`: Cilium's own test, by its CLI, with the CLI's exit code. */
async function connectivity(stackName: string, more: string[], options: Options): Promise<void> {
  const stack = findStackFile(stackName, ROOT, FROM);
  const { spec, problems } = readStackFile(stack);
  if (!spec) throw new Error(formatLocated(problems, path.basename(stack.file)));
  const timeLimit = milliseconds(options.timeLimit);
  checkCiliumCli(cliVersionText());
  const kubeconfig = options.kubeconfig
    ? readFileSync(path.resolve(FROM, options.kubeconfig), "utf8")
    : await kubeconfigOf(stack);
  const { signal, off } = onInterrupt();
  const end = await runTest({
    ...{ kubeconfig, timeLimit, interrupt: signal },
    namespaces: await clusterNamespaces(kubeconfig),
    args: testArguments(spec, more),
    onLine: (line) => console.log(line),
  }).finally(off);
  if (end.left.length > 0) console.error(`still going away: ${end.left.join(", ")}`);
  if (end.ended === "byTimeLimit") {
    throw new Error(
      `the test was not over after ${options.timeLimit} and has been ended: give it longer with --time-limit, or run a part of it with -- --test <pattern>`,
    );
  }
  process.exitCode = end.ended === "byInterrupt" ? INTERRUPTED : end.exitCode;
}

function milliseconds(text: string): number {
  const seconds = durationSeconds(text);
  if (seconds > 0) return seconds * 1000;
  throw new Error(`--time-limit ${text} leaves no time: write for example 90m`);
}

new Command("npm run connectivity --")
  .description("Runs `cilium connectivity test` in labelled namespaces, and removes them again.")
  .argument("<stack>", "the stack, by name or by the path of its file")
  .argument("[args...]", "more arguments of `cilium connectivity test`, behind --")
  .option("--kubeconfig <file>", "of the cluster, instead of the stack's output")
  .option("--time-limit <duration>", "when to end a test that is not over", "60m")
  .action(connectivity)
  .parseAsync(process.argv)
  .catch((error: Error) => {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  });
