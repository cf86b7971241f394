import { existsSync } from "node:fs";
import { createRequire } from "node:module";

import type { ProviderPorts } from "../engine/environment";
import { forwarder } from "../engine/forwarder";
import type * as Machineries from "../machinery";
import type * as Kubernetes from "../providers/kubernetes";
import type * as Talos from "../providers/talos";
import { runningLab } from "./daemonProcess";
import { equipmentHere, type Equipment } from "./equipment";
import { INTERRUPTED } from "./interrupts";
import { openEngine, portsOf } from "./openEngine";
import type * as Prepare from "./prepare";
import type { Session } from "./session";

// What is loaded while the engine starts: a preview from the shell is to take three seconds.
const load = createRequire(__filename);
const prepare: typeof Prepare.prepare = (...args) =>
  (load("./prepare") as typeof Prepare).prepare(...args);

/** Shows what `up` would do. It needs no machines: where no lab runs, only the providers are served. */
export async function preview(session: Session, args: string[]): Promise<number> {
  const { stack, signal } = session;
  // A wrong configuration of a new stack leaves nothing behind, not even a folder.
  const here = existsSync(stack.dir) ? equipmentHere(stack) : undefined;
  const equipment = here ?? (await prepare(session));
  const running = await runningLab(stack.dir);
  const providers = running ? undefined : await providersOfOurOwn();
  try {
    const engine = await openEngine(session, equipment, providers?.ports ?? portsOf(running));
    const failed = new AbortController();
    let isStarted = () => {};
    const started = new Promise<void>((resolve) => (isStarted = resolve));
    const previewing = engine.run("preview", {
      args,
      onLine: (line) => failed.signal.aborted || console.log(line),
      onStart: isStarted,
      signal: AbortSignal.any([signal, failed.signal]),
    });
    try {
      await Promise.race([started, previewing]);
      if (here) await prepare(session, here);
      await providers?.start(equipment);
    } catch (error) {
      failed.abort();
      await previewing;
      throw error;
    }
    const result = await previewing;
    if (signal.aborted) {
      engine.endLeftovers();
      console.log("Interrupted. A preview changes nothing.");
      return INTERRUPTED;
    }
    return result.exitCode === 0 ? 0 : 1;
  } finally {
    await providers?.stop();
  }
}

/** The lab's providers in this process. Their ports are there at once; they take half a second to load. */
async function providersOfOurOwn(): Promise<{
  ports: ProviderPorts;
  start(equipment: Equipment): Promise<void>;
  stop(): Promise<void>;
}> {
  const [talos, kubernetes] = await Promise.all([forwarder(), forwarder()]);
  const stops: (() => Promise<void> | void)[] = [() => talos.stop(), () => kubernetes.stop()];
  return {
    ports: { talos: talos.port, kubernetes: kubernetes.port },
    start: async ({ binaries }) => {
      const { Machinery } = load("../machinery") as typeof Machineries;
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
