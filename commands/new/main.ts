import { existsSync, writeFileSync } from "node:fs";
import * as path from "node:path";

import { Command, Option } from "commander";

import { type Problem, formatProblems } from "../../components/problems";
import { formatLocated, projectName, readStackText } from "../stackFile/readStackFile";
import { type AnswerProblem, type Answers, parseMachine, problemsOf } from "./answers";
import { environmentProblems } from "./environmentProblems";
import { PINNED_VERSIONS } from "./pinnedVersions";
import { ask } from "./questions";
import { stackFileText } from "./stackFileText";

const ROOT = path.join(__dirname, "../..");

interface Flags extends Partial<Omit<Answers, "controlPlanes" | "workers" | "protect">> {
  readonly controlPlane?: readonly string[];
  readonly worker?: readonly string[];
  readonly protect?: boolean;
}

/** The flag that gives each answer. */
const FLAGS: Readonly<Record<keyof Answers, string>> = {
  clusterName: "--cluster-name",
  endpoint: "--endpoint",
  controlPlanes: "--control-plane",
  workers: "--worker",
  installDisk: "--install-disk",
  talosVersion: "--talos-version",
  kubernetesVersion: "--kubernetes-version",
  ciliumVersion: "--cilium-version",
  protect: "--protect",
};

function program(): Command {
  const { talosVersion, kubernetesVersion, ciliumVersion } = PINNED_VERSIONS;
  const repeated = (value: string, earlier: readonly string[] = []) => [...earlier, value];
  return new Command("npm run new --")
    .description("Writes Pulumi.<environment>.yaml. On a terminal it asks for what no flag says.")
    .showHelpAfterError("Write npm run new -- home, or see npm run new -- --help.")
    .argument("<environment>", "name of the environment, which is the name of its stack")
    .option("--cluster-name <name>", "name of the cluster (default: the environment's)")
    .option("--endpoint <url>", "URL of the Kubernetes API (default: at the first control plane)")
    .option("--control-plane <name=address>", "a control plane; repeatable", repeated)
    .option("--worker <name=address>", "a worker; repeatable", repeated)
    .option("--install-disk <path>", "disk to install Talos to, on every machine")
    .option("--talos-version <version>", `version of Talos to install (default: ${talosVersion})`)
    .option(
      "--kubernetes-version <version>",
      `version of Kubernetes (default: ${kubernetesVersion})`,
    )
    .option("--cilium-version <version>", `version of Cilium (default: ${ciliumVersion})`)
    .option("--protect", "protect the cluster's keys from deletion (default)")
    .addOption(new Option("--no-protect", "a throw-away cluster"))
    .action(make);
}

/** Writes the file, or ends with all problems and has written nothing. */
async function make(environment: string, flags: Flags): Promise<void> {
  const file = path.resolve(`Pulumi.${environment}.yaml`);
  refuse(environmentProblems(environment, file));
  const given = answersOf(environment, flags);
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const terminal = { input: process.stdin, output: process.stdout };
  const answers = isTerminal ? await ask(given, givenBy(flags), terminal) : given;
  refuse(problemsOf(answers).problems.map(withFlag));

  const project = projectName(existsSync("Pulumi.yaml") ? "." : ROOT);
  const schema = `./${path.relative(path.dirname(file), path.join(ROOT, "schemas/stack.schema.json"))}`;
  const text = stackFileText(answers, { environment, project, schema });
  const { problems, warnings } = readStackText(text, project);
  refuse(problems);
  // "wx" fails where a file is, also one that came a moment ago.
  writeFileSync(file, text, { flag: "wx" });

  const name = path.basename(file);
  if (warnings.length > 0) console.error(formatLocated(warnings, name, "Warnings:"));
  console.log(
    [
      `Wrote ${name}. Next:`,
      `  npm run doctor -- ${environment}   looks at tools, machines and registries`,
      `  pulumi stack init ${environment} && pulumi preview   shows what would be made`,
    ].join("\n"),
  );
}

function answersOf(environment: string, flags: Flags): Answers {
  const { controlPlane = [], worker = [], ...rest } = flags;
  return {
    clusterName: environment,
    ...PINNED_VERSIONS,
    protect: true,
    ...rest,
    controlPlanes: controlPlane.map(parseMachine),
    workers: worker.map(parseMachine),
  };
}

/** What needs no question. */
function givenBy({ controlPlane = [], worker = [], ...rest }: Flags): Set<keyof Answers> {
  const given = new Set(Object.keys(rest) as (keyof Answers)[]);
  if (controlPlane.length > 0) given.add("controlPlanes");
  if (worker.length > 0) given.add("workers");
  return given;
}

function withFlag({ about, propertyPath, ...rest }: AnswerProblem): Problem {
  return { ...rest, propertyPath: about ? `${FLAGS[about]} (${propertyPath})` : propertyPath };
}

/** @throws Error with all problems, if there are any */
function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new Error(formatProblems(problems));
}

program()
  .parseAsync()
  .catch((error: Error) => {
    console.error(`Nothing was written. ${error.message}`);
    process.exitCode = 1;
  });
