import { randomBytes } from "node:crypto";

import { startLab } from "../lab";
import type { LabNode, LabOptions } from "../lab";
import { serveControl, type ControlCall } from "./control";
import { removeLabState, writeLabState } from "./labState";

/** What the process that started the daemon hears, once. */
export type DaemonMessage = { ready: true } | { ready: false; error: string };

/**
 * The lab as a process of its own: it lives on after the command that started it, until `stop`,
 * `destroy` or a signal.
 */
async function main(options: LabOptions): Promise<void> {
  const lab = await startLab({ ...options, log: writeLine });
  const stop = async () => {
    await lab.stop();
    removeLabState(options.dir);
  };
  const calls: Record<ControlCall, (input: unknown) => Promise<unknown>> = {
    status: async () => lab.status(),
    addNodes: (nodes) => lab.addNodes(nodes as LabNode[]),
    mutatingCalls: () => lab.mutatingCalls(),
    stop: async () => {
      await stop();
      // After the answer has gone out.
      setImmediate(() => process.exit(0));
    },
  };
  const token = randomBytes(24).toString("hex");
  const { port } = await serveControl(token, (call, input) => {
    const answer = calls[call];
    return answer ? answer(input) : Promise.reject(new Error(`no such call: ${call}`));
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => void stop().finally(() => process.exit(0)));
  }
  writeLabState(options.dir, {
    pid: process.pid,
    controlPort: port,
    token,
    talosPort: lab.talosPort,
    kubernetesPort: lab.kubernetesPort,
    startedAt: new Date().toISOString(),
  });
  tell({ ready: true });
}

/** The log is this process's standard output. */
function writeLine(line: string): void {
  console.log(`${new Date().toISOString()} ${line}`);
}

function tell(message: DaemonMessage): void {
  process.send?.(message, () => process.disconnect?.());
}

main(JSON.parse(process.argv[2] ?? "{}") as LabOptions).catch((error: Error) => {
  console.error(error);
  process.send?.({ ready: false, error: error.message } satisfies DaemonMessage, () =>
    process.exit(1),
  );
});
