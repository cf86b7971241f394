import * as path from "node:path";

import { Command } from "commander";

import { visible } from "../../components/problems";
import { SILENCED } from "../../components/silencing";
import { counted } from "../report/format";
import { type StackFile, findStackFile, stackFiles } from "../stackFile/findStackFile";
import { checkStackFile, formatLocated } from "../stackFile/readStackFile";

const ROOT = path.join(__dirname, "../..");

/** `npm run validate -- [stack…]`: exit code 1 when a stack file has a problem. */
function main(): void {
  new Command("npm run validate --")
    .description("Checks stack files. No cluster, no Pulumi CLI and no network is needed.")
    .argument("[stacks...]", "by name, or by the path of the file (default: all there are)")
    .action((wanted: string[]) => {
      // npm runs scripts in the root; a path was typed elsewhere.
      const from = process.env["INIT_CWD"] ?? process.cwd();
      const files =
        wanted.length > 0
          ? wanted.map((each) => findStackFile(each, ROOT, from))
          : stackFiles(ROOT);
      for (const each of files) if (!isValid(each)) process.exitCode = 1;
    })
    .parse();
}

/** {@link validate}; a file that cannot be read leaves the others to be checked. */
function isValid(stack: StackFile): boolean {
  const file = path.relative(process.cwd(), stack.file);
  try {
    return validate(stack, file);
  } catch (error) {
    console.error(visible(`error: ${file}: ${(error as Error).message}`));
    return false;
  }
}

/** Prints what is to be said of one file. @returns whether it has no problem */
function validate(stack: StackFile, file: string): boolean {
  const { spec, problems, warnings, silenced = [] } = checkStackFile(stack);
  if (spec) {
    const workers = spec.nodes.filter(({ machineType }) => machineType === "worker").length;
    const machines = [
      counted(spec.nodes.length - workers, "control plane"),
      ...(workers > 0 ? [counted(workers, "worker")] : []),
    ].join(" and ");
    const said =
      `${file} is valid: cluster ${spec.clusterName}, ${machines}, Talos ${spec.talosVersion}, ` +
      `Kubernetes ${spec.kubernetesVersion}, Cilium ${spec.cilium.version}`;
    console.log(visible(said));
  } else {
    console.error(formatLocated(problems, file));
  }
  if (warnings.length > 0) console.error(formatLocated(warnings, file, "Warnings:"));
  if (silenced.length > 0) console.error(formatLocated(silenced, file, `${SILENCED}:`));
  return spec !== undefined;
}

try {
  main();
} catch (error) {
  console.error(visible(`error: ${(error as Error).message}`));
  process.exitCode = 1;
}
