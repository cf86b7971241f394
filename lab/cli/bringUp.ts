import { execFile } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import type { BootstrapTimeline } from "../../components/gates/timeline";
import { Engine } from "../engine/engine";
import { askLab } from "./control";
import { logFile, runningLab } from "./daemonProcess";
import type { LabState } from "./labState";
import { elapsed } from "./progress";
import { takeRunLock } from "./runLock";
import { prepare } from "./prepare";
import { labProviders, say, startLabProcess, switchOnNew, windUp, type Session } from "./session";
import { runCommand } from "./stack";
import { type MutatingCalls, summarize } from "./summary";
import { watchedUp } from "./watchedUp";

/** Where a lab's kubeconfig is written for kubectl. */
export const kubeconfigFile = (dir: string) => path.join(dir, "kubeconfig");

/** How long a control plane that is switched on again may take to serve. */
const RESTART_PATIENCE = 60_000;

/**
 * Brings a lab up: from nothing, or from wherever the last run stopped.
 *
 * @param options.resume false: a lab that runs already is an error
 * @returns the exit code
 */
export async function bringUp(
  session: Session,
  options: { resume: boolean; args: string[] },
): Promise<number> {
  const begun = Date.now();
  const { stack, signal } = session;
  const release = takeRunLock(stack.dir, "up");
  let engine: Engine | undefined;
  let started: LabState | undefined;
  const running = await runningLab(stack.dir);
  const interrupted = () => windUp(session, engine, { ranBefore: running !== undefined, started });
  try {
    if (running && !options.resume) throw new Error(alreadyRuns(stack.name, running.pid));
    const prepared = await prepare(session);
    engine = await Engine.open({
      cli: prepared.binaries.pulumi,
      projectDirectory: stack.projectDirectory,
      stackName: stack.name,
      stackFile: stack.file,
      dir: stack.dir,
      helm: prepared.binaries.helm,
    });
    for (const line of engine.healed) say(session, `  ${line}`);
    const lab = running ?? (started = await startLabProcess(session, prepared));
    if (running) await switchOnNew(running, prepared);
    if (started) await untilServesAgain(prepared.binaries.kubectl, stack.dir, signal);
    const before = await askLab<MutatingCalls>(lab, "mutatingCalls");
    const ports = { talos: lab.talosPort, kubernetes: lab.kubernetesPort };
    engine.attach(labProviders(ports, prepared.real));
    const { exitCode, report } = await watchedUp(session, engine, prepared.spec, options.args);
    if (signal.aborted) return await interrupted();
    if (exitCode !== 0) {
      if (report) say(session, `Report of how far it came: ${report}`);
      console.error(
        `The cluster is not up (${elapsed(Date.now() - begun)}). The lab runs on: mend the cause and run ` +
          `\`${runCommand(stack.name)} up\` to go on from here. What the lab did: ${logFile(stack.dir)}`,
      );
      return 1;
    }
    const after = await askLab<MutatingCalls>(lab, "mutatingCalls");
    await tellSummary(session, engine, prepared.binaries.kubectl, {
      milliseconds: Date.now() - begun,
      changes: {
        nodes: after.nodes - before.nodes,
        apiServer: after.apiServer - before.apiServer,
      },
    });
    if (report) say(session, `  ${report}   shows where the time went`);
    return 0;
  } catch (error) {
    if (signal.aborted) return await interrupted();
    throw error;
  } finally {
    release();
  }
}

function alreadyRuns(stackName: string, pid: number): string {
  const run = runCommand(stackName);
  return (
    `a lab for stack ${stackName} runs already (pid ${pid}): \`${run} up\` brings a changed configuration ` +
    `in, \`${run} status\` shows it, \`${run} destroy\` takes it away`
  );
}

/** A lab that was off has a cluster on its disks, which takes a moment to serve again. */
async function untilServesAgain(kubectl: string, dir: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + RESTART_PATIENCE;
  while (Date.now() < deadline && !signal.aborted) {
    const answer = await runKubectl(kubectl, dir, ["get", "--raw", "/readyz"]);
    if (answer === undefined || answer === "ok") return;
    await sleep(500);
  }
}

/** @returns undefined where there is no kubeconfig yet, "" when kubectl failed */
export async function runKubectl(
  kubectl: string,
  dir: string,
  args: string[],
): Promise<string | undefined> {
  const kubeconfig = kubeconfigFile(dir);
  if (!existsSync(kubeconfig)) return undefined;
  const options = { env: { ...process.env, KUBECONFIG: kubeconfig }, timeout: 10_000 };
  return promisify(execFile)(kubectl, args, options).then(
    ({ stdout }) => stdout.trimEnd(),
    () => "",
  );
}

async function tellSummary(
  session: Session,
  engine: Engine,
  kubectl: string,
  run: { milliseconds: number; changes: MutatingCalls },
): Promise<void> {
  const { stack } = session;
  const { kubeconfig, bootstrapTimeline } = await engine.outputs();
  writeFileSync(kubeconfigFile(stack.dir), String(kubeconfig), { mode: 0o600 });
  const nodes = (await runKubectl(kubectl, stack.dir, ["get", "nodes", "-o", "wide"])) ?? "";
  const timeline = bootstrapTimeline as BootstrapTimeline | undefined;
  const lines = summarize({ stackName: stack.name, nodes, timeline, ...run });
  for (const line of lines) say(session, line);
}
