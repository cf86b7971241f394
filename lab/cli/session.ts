import type { Engine } from "../engine/engine";
import type { ProviderPorts } from "../engine/environment";
import type { LabNode } from "../lab";
import { askLab } from "./control";
import { startDaemon, stopDaemon } from "./daemonProcess";
import { INTERRUPTED } from "./interrupts";
import type { LabState } from "./labState";
import type { Progress } from "./progress";
import type { Prepared } from "./prepare";
import type { ProviderName } from "./realProviders";
import { runCommand, type Stack } from "./stack";

/** What every command gets: the stack, where to show progress, and when to wind up. */
export interface Session {
  stack: Stack;
  progress: Progress;
  signal: AbortSignal;
  /** Machines read standard output: one JSON object a line, and words go to standard error. */
  json: boolean;
}

/** Tells the user something. */
export function say({ json }: Pick<Session, "json">, line: string): void {
  if (json) console.error(line);
  else console.log(line);
}

/** Starts the lab's process for a cluster. */
export async function startLabProcess(
  { stack, progress, signal }: Session,
  { spec, binaries }: Prepared,
): Promise<LabState> {
  const step = progress.step("switching the machines on");
  const options = { stackName: stack.name, dir: stack.dir, nodes: labNodes(spec), binaries };
  try {
    return await startDaemon(options, signal);
  } finally {
    step.end();
  }
}

/** Switches on what the configuration has and a running lab has not yet: a new machine is there when it is named. */
export async function switchOnNew(lab: LabState, { spec }: Pick<Prepared, "spec">): Promise<void> {
  await askLab(lab, "addNodes", { input: labNodes(spec), timeout: POWER_ON_PATIENCE });
}

/** Milliseconds. */
const POWER_ON_PATIENCE = 30_000;

function labNodes({ nodes }: Prepared["spec"]): LabNode[] {
  return nodes.map(({ hostname, ipAddress, endpoint, machineType }) => ({
    hostname,
    ipAddress,
    endpoint,
    machineType,
  }));
}

/** The lab's providers, without those whose real plugin is there. */
export function labProviders(lab: ProviderPorts, real: Set<ProviderName>): ProviderPorts {
  return {
    ...(real.has("talos") ? {} : { talos: lab.talos }),
    ...(real.has("kubernetes") ? {} : { kubernetes: lab.kubernetes }),
  };
}

/** After an interrupt: ends what the command started, and says what is left. */
export async function windUp(
  session: Session,
  engine: Engine | undefined,
  lab: { ranBefore: boolean; started: LabState | undefined },
): Promise<number> {
  const { stack } = session;
  engine?.endLeftovers();
  if (lab.started) await stopDaemon(stack.dir, lab.started);
  say(
    session,
    lab.ranBefore
      ? "Interrupted. The lab runs on, as it did before this command."
      : `Interrupted. The lab is off; its disks and Pulumi's state are in .lab/${stack.name}.`,
  );
  const run = runCommand(stack.name);
  say(session, `  ${run} up        goes on from there`);
  say(session, `  ${run} destroy   takes everything away`);
  return INTERRUPTED;
}
