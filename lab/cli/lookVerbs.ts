import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

import type { LabStatus } from "../lab";
import { Engine } from "../engine/engine";
import { kubeconfigFile, runKubectl } from "./bringUp";
import { askLab } from "./control";
import { logFile, runningLab, stopDaemon } from "./daemonProcess";
import { elapsed } from "./progress";
import { binaryPaths } from "./equipment";
import type { Session } from "./session";
import { runCommand } from "./stack";
import { mutatingCalls, type MutatingCalls } from "./summary";
import { writeLabReport } from "./watchedUp";

/** How many lines of its log a lab shows. */
const LOG_LINES = 200;

/** Says what the lab's machines and its cluster are doing. Exit code 1 when no lab runs. */
export async function status(session: Session): Promise<number> {
  const { stack } = session;
  const lab = await runningLab(stack.dir);
  if (!lab) {
    console.log(
      `No lab runs for stack ${stack.name}: \`${runCommand(stack.name)} up\` starts one.`,
    );
    return 1;
  }
  const [{ nodes }, calls] = await Promise.all([
    askLab<LabStatus>(lab, "status"),
    askLab<MutatingCalls>(lab, "mutatingCalls"),
  ]);
  console.log(
    `Lab ${stack.name} runs (pid ${lab.pid}) since ${elapsed(Date.now() - Date.parse(lab.startedAt))}; ` +
      mutatingCalls(calls),
  );
  for (const { hostname, address, stage } of nodes) {
    console.log(`  ${hostname.padEnd(16)}${address.padEnd(16)}${stage}`);
  }
  const { kubectl } = await binaryPaths(session);
  const table = await runKubectl(kubectl, stack.dir, ["get", "nodes", "-o", "wide"]);
  if (table) console.log(`\n${table}`);
  return 0;
}

/** Runs kubectl on the lab's cluster; its exit code is this one's. */
export async function kubectl(session: Session, args: string[]): Promise<number> {
  const file = requireKubeconfig(session);
  const binaries = await binaryPaths(session);
  const child = spawn(binaries.kubectl, args, {
    stdio: "inherit",
    env: { ...process.env, KUBECONFIG: file },
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** Writes the cluster's kubeconfig to standard output. */
export function kubeconfig(session: Session): number {
  process.stdout.write(readFileSync(requireKubeconfig(session), "utf8"));
  return 0;
}

function requireKubeconfig({ stack }: Session): string {
  const file = kubeconfigFile(stack.dir);
  if (existsSync(file)) return file;
  throw new Error(
    `lab ${stack.name} has no cluster yet: \`${runCommand(stack.name)} up\` brings one up`,
  );
}

/** Switches the lab off; its disks and Pulumi's state stay. */
export async function stop({ stack }: Session): Promise<number> {
  const lab = await runningLab(stack.dir);
  if (lab) await stopDaemon(stack.dir, lab);
  console.log(lab ? `Lab ${stack.name} is switched off.` : `No lab runs for stack ${stack.name}.`);
  return 0;
}

/** Writes the report of the stack as it is, and says where. */
export async function report(session: Session): Promise<number> {
  const { name, projectDirectory, file, dir } = session.stack;
  if (!existsSync(dir)) {
    throw new Error(`lab ${name} has not been up yet: \`${runCommand(name)} up\` brings it up`);
  }
  const { pulumi } = await binaryPaths(session);
  const engine = Engine.at({
    ...{ cli: pulumi, projectDirectory, stackName: name, stackFile: file, dir },
  });
  console.log(await writeLabReport(session, engine));
  return 0;
}

/** Shows the end of what the lab wrote down. */
export function logs({ stack }: Session): number {
  const file = logFile(stack.dir);
  if (!existsSync(file)) throw new Error(`lab ${stack.name} has written no log yet`);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  console.log([`${file}, the last ${LOG_LINES} lines:`, ...lines.slice(-LOG_LINES)].join("\n"));
  return 0;
}
