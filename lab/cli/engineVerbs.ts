import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";

import { Machinery } from "../machinery";
import { Engine } from "../engine/engine";
import type { ProviderPorts } from "../engine/environment";
import type * as Kubernetes from "../providers/kubernetes";
import type * as Talos from "../providers/talos";
import { runningLab, stopDaemon } from "./daemonProcess";
import { forwarder } from "../engine/forwarder";
import { INTERRUPTED } from "./interrupts";
import type { LabState } from "./labState";
import { takeRunLock } from "./runLock";
import {
  labProviders,
  prepare,
  startLabProcess,
  windUp,
  type Prepared,
  type Session,
} from "./session";
import { runCommand } from "./stack";

/** Shows what `up` would do. It needs no machines: where no lab runs, only the providers are served. */
export async function preview(session: Session, args: string[]): Promise<number> {
  const prepared = await prepare(session);
  const running = await runningLab(session.stack.dir);
  const providers = running ? undefined : await providersOfOurOwn();
  try {
    const engine = await openEngine(session, prepared, providers?.ports ?? portsOf(running));
    const failed = new AbortController();
    const previewing = engine.run("preview", {
      args,
      onLine: (line) => console.log(line),
      signal: AbortSignal.any([session.signal, failed.signal]),
    });
    await providers?.start(prepared).catch(async (error: Error) => {
      failed.abort();
      await previewing;
      throw error;
    });
    const result = await previewing;
    if (session.signal.aborted) {
      engine.endLeftovers();
      console.log("Interrupted. A preview changes nothing.");
      return INTERRUPTED;
    }
    return result.exitCode === 0 ? 0 : 1;
  } finally {
    await providers?.stop();
  }
}

/** Reads the machines and the cluster back into the state. */
export async function refresh(session: Session, args: string[]): Promise<number> {
  return withLab(session, "refresh", async (engine) => {
    const result = await engine.run("refresh", {
      args,
      onLine: (line) => console.log(line),
      signal: session.signal,
    });
    return result.exitCode === 0 ? 0 : 1;
  });
}

/** The CLI tells how to remove what is removed here anyway. */
const ADVICE_TO_REMOVE = /^The resources in the stack have been deleted|`pulumi stack rm /;

/** Destroys the stack, switches the lab off, and removes what it kept on disk. */
export async function destroy(session: Session, args: string[]): Promise<number> {
  const { stack } = session;
  if (!existsSync(stack.dir)) {
    console.log(`There is no lab ${stack.name}: nothing to destroy.`);
    return 0;
  }
  const code = await withLab(session, "destroy", async (engine) => {
    const result = await engine.run("destroy", {
      args,
      onLine: (line) => ADVICE_TO_REMOVE.test(line) || console.log(line),
      signal: session.signal,
    });
    if (result.exitCode === 0 || session.signal.aborted) return result.exitCode;
    console.error(
      `The stack was not destroyed, so the lab runs on: mend the cause and try again, or drop it with ` +
        `\`${runCommand(stack.name)} stop\` and \`rm -r ${stack.dir}\`.`,
    );
    return 1;
  });
  if (code !== 0) return code;
  const lab = await runningLab(stack.dir);
  if (lab) await stopDaemon(stack.dir, lab);
  rmSync(stack.dir, { recursive: true, force: true });
  console.log(`Lab ${stack.name} is gone.`);
  return 0;
}

/** Runs a change on the lab, which is switched on for it where it is off. */
async function withLab(
  session: Session,
  verb: string,
  work: (engine: Engine) => Promise<number>,
): Promise<number> {
  const release = takeRunLock(session.stack.dir, verb);
  let engine: Engine | undefined;
  let started: LabState | undefined;
  const running = await runningLab(session.stack.dir);
  const interrupted = () => windUp(session, engine, { ranBefore: running !== undefined, started });
  try {
    const prepared = await prepare(session);
    const lab = running ?? (started = await startLabProcess(session, prepared));
    engine = await openEngine(session, prepared, portsOf(lab));
    const code = await work(engine);
    return session.signal.aborted ? await interrupted() : code;
  } catch (error) {
    if (session.signal.aborted) return await interrupted();
    throw error;
  } finally {
    release();
  }
}

async function openEngine(
  { stack }: Session,
  { binaries, real }: Prepared,
  ports: ProviderPorts,
): Promise<Engine> {
  const engine = await Engine.open({
    cli: binaries.pulumi,
    projectDirectory: stack.projectDirectory,
    stackName: stack.name,
    stackFile: stack.file,
    dir: stack.dir,
    providers: labProviders(ports, real),
  });
  for (const line of engine.healed) console.log(`  ${line}`);
  return engine;
}

function portsOf(lab: LabState | undefined): ProviderPorts {
  return { talos: lab?.talosPort, kubernetes: lab?.kubernetesPort };
}

/**
 * The lab's providers in this process, for a command that needs nothing else of a lab. They take half a
 * second to load: the ports are there at once, so that the engine starts meanwhile.
 */
async function providersOfOurOwn(): Promise<{
  ports: ProviderPorts;
  start(prepared: Prepared): Promise<void>;
  stop(): Promise<void>;
}> {
  const [talos, kubernetes] = await Promise.all([forwarder(), forwarder()]);
  const stops: (() => Promise<void> | void)[] = [() => talos.stop(), () => kubernetes.stop()];
  return {
    ports: { talos: talos.port, kubernetes: kubernetes.port },
    start: async ({ binaries }) => {
      const load = createRequire(__filename);
      const { serveTalosProvider } = load("../providers/talos") as typeof Talos;
      const { serveKubernetesProvider } = load("../providers/kubernetes") as typeof Kubernetes;
      const machinery = await Machinery.start(binaries.machinery);
      stops.push(() => machinery.stop());
      const servers = await Promise.all([
        serveTalosProvider({ machinery }),
        serveKubernetesProvider({ helm: binaries.helm }),
      ]);
      stops.push(...servers.map((server) => () => server.stop()));
      talos.to(servers[0].port);
      kubernetes.to(servers[1].port);
    },
    stop: async () => {
      for (const stop of stops.reverse()) await stop();
    },
  };
}
