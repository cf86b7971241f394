import * as path from "node:path";

import { Command } from "commander";

import { visible } from "../../components/problems";
import { findStackFile } from "../stackFile/findStackFile";
import { checkStackFile } from "../stackFile/readStackFile";
import { configurationFindings, examineCluster, refusal } from "./examine";
import { type Finding, formatFindings } from "./finding";
import { lookAtTools } from "./lookAtTools";
import { talosCredentials } from "./talosconfig";
import { toolFindings } from "./tools";

const ROOT = path.join(__dirname, "../..");

interface Options {
  readonly talosconfig?: string;
  readonly json?: boolean;
}

/** `npm run doctor -- [stack]`: exit code 1 when something would fail a run. */
function program(): Command {
  return new Command("npm run doctor --")
    .description("Looks at tools, machines, endpoint, clocks and registries, and changes nothing.")
    .argument("[stack]", "by name, or by the path of its file; without it, tools only")
    .option("--talosconfig <file>", "of the running cluster, to look into configured machines")
    .option("--json", "the findings as JSON")
    .action(async (wanted: string | undefined, { talosconfig, json }: Options) => {
      const findings = await examine(wanted, talosconfig).catch((error: Error) => {
        if (!json) throw error;
        return [refusal(wanted, error)];
      });
      const hasFailed = findings.some(({ level }) => level === "fail");
      const text = json
        ? JSON.stringify({ ok: !hasFailed, findings }, undefined, 2)
        : formatFindings(findings);
      // A look that ran out of time may still keep the process alive.
      process.stdout.write(`${text}\n`, () => process.exit(hasFailed ? 1 : 0));
    });
}

async function examine(wanted?: string, talosconfig?: string): Promise<Finding[]> {
  if (!wanted) return toolFindings(await lookAtTools(ROOT));
  const from = process.env["INIT_CWD"] ?? process.cwd();
  const stack = findStackFile(wanted, ROOT, from);
  // Asked while the file is checked, and not where there is none.
  const tools = lookAtTools(ROOT);
  const reading = checkStackFile(stack);
  const credentials = talosCredentials(talosconfig && path.resolve(from, talosconfig));
  const cluster = reading.spec ? examineCluster(reading.spec, credentials) : [];
  return [
    ...toolFindings(await tools, reading.spec),
    ...configurationFindings(reading, path.relative(process.cwd(), stack.file), wanted),
    ...byGroup(await cluster),
  ];
}

/** Clocks are found beside each machine, and read together. */
function byGroup(findings: readonly Finding[]): Finding[] {
  const groups = [...new Set(findings.map(({ group }) => group))];
  return groups.flatMap((group) => findings.filter((finding) => finding.group === group));
}

program()
  .parseAsync()
  .catch((error: Error) => {
    console.error(visible(`error: ${error.message}`));
    process.exit(1);
  });
