import type { ClusterSpec } from "../../components/spec";
import { BINARY_NAMES, type BinaryName } from "../binaries/catalog";
import { ensureBinaries, lookForBinary } from "../binaries/ensureBinaries";
import type { Engine } from "../engine/engine";
import type { ProviderPorts } from "../engine/environment";
import { hasLanguageHost } from "../engine/languageHost";
import { startDaemon, stopDaemon } from "./daemonProcess";
import { INTERRUPTED } from "./interrupts";
import type { LabState } from "./labState";
import { describeParts, type Parts } from "./parts";
import type { Progress } from "./progress";
import { fetchProviders, installedProviders, type ProviderName } from "./realProviders";
import { readCluster, runCommand, type Stack } from "./stack";

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

/** What a command needs before it can run the engine. */
export interface Prepared {
  spec: ClusterSpec;
  /** Paths by name. */
  binaries: Record<BinaryName, string>;
  /** Providers that are the real plugins. */
  real: Set<ProviderName>;
}

/**
 * Reads the configuration, says what is real, and gets the binaries.
 *
 * @throws ConfigurationError before anything was started
 */
export async function prepare(session: Session): Promise<Prepared> {
  const { stack, progress } = session;
  const spec = readCluster(stack);
  const tell = (parts: Parts) => {
    for (const line of describeParts(stack.name, spec, parts)) say(session, line);
  };
  const early = partsSoFar(stack);
  tell(early);
  const binaries = await binaryPaths(session);
  const real = await fetchProviders(stack, binaries.pulumi, progress);
  const known = partsOf(binaries.pulumi, real);
  if (
    Object.keys(known).some((part) => known[part as keyof Parts] !== early[part as keyof Parts])
  ) {
    tell(known);
  }
  return { spec, binaries, real };
}

function partsSoFar(stack: Stack): Parts {
  const cli = lookForBinary("pulumi");
  return cli
    ? partsOf(cli, installedProviders(stack))
    : { languageHost: undefined, talosProvider: undefined, kubernetesProvider: undefined };
}

function partsOf(cli: string, real: Set<ProviderName>): Parts {
  const kind = (is: boolean) => (is ? "real" : "stand-in");
  return {
    languageHost: kind(hasLanguageHost(cli)),
    talosProvider: kind(real.has("talos")),
    kubernetesProvider: kind(real.has("kubernetes")),
  };
}

/** The paths of all binaries; an interrupt meanwhile ends the process, since nothing else runs. */
export async function binaryPaths({
  progress,
  signal,
}: Pick<Session, "progress" | "signal">): Promise<Record<BinaryName, string>> {
  const end = () => process.exit(INTERRUPTED);
  signal.addEventListener("abort", end);
  try {
    const found = await ensureBinaries(BINARY_NAMES, { progress });
    return Object.fromEntries(BINARY_NAMES.map((name) => [name, found[name].path])) as Record<
      BinaryName,
      string
    >;
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** Starts the lab's process for a cluster. */
export async function startLabProcess(
  { stack, progress, signal }: Session,
  { spec, binaries }: Prepared,
): Promise<LabState> {
  const step = progress.step("switching the machines on");
  const options = {
    stackName: stack.name,
    dir: stack.dir,
    nodes: spec.nodes.map(({ hostname, ipAddress, endpoint, machineType }) => ({
      hostname,
      ipAddress,
      endpoint,
      machineType,
    })),
    binaries,
  };
  try {
    return await startDaemon(options, signal);
  } finally {
    step.end();
  }
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
