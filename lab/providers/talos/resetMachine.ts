import { setTimeout as sleep } from "node:timers/promises";

import { messageType, TalosApiError, TalosClient } from "../../../talosApi";
import { abortAfter } from "../../timeLimit";
import { isObject, type TerraformObject } from "./attributes";
import type { TalosContext } from "./definition";
import { TerraformError } from "./diagnostics";
import { goErrorText } from "./goErrorText";
import {
  budgetOf,
  targetOf,
  withTalosClient,
  type TalosConnection,
  type TalosTarget,
} from "./talosCall";

const SUMMARY = "Error resetting machine";
const BOOT_ID = "/proc/sys/kernel/random/boot_id";
const POLL_MS = 1000;

/**
 * Wipes STATE and EPHEMERAL of a machine whose `onDestroy.reset` is set, and waits until its services stop; with
 * `reboot` also until it is in maintenance mode or has another boot id. Without `reset` nothing is called.
 * @throws TerraformError; credentials that are write-only are not in state, so they cannot reset.
 */
export async function resetMachine(state: TerraformObject, context: TalosContext): Promise<void> {
  const onDestroy = state["onDestroy"];
  if (!isObject(onDestroy) || onDestroy["reset"] !== true) {
    return;
  }
  if (!isObject(state["clientConfiguration"])) {
    throw new TerraformError(
      "Client configuration issue during destroy",
      "both client_configuration and client_configuration_wo are null\n\nNote: If you're using " +
        "client_configuration_wo (write-only), it's not available during destroy. Use client_configuration " +
        "instead if you need on_destroy.reset functionality.",
    );
  }
  const target = await targetOf(
    context,
    state,
    state["clientConfiguration"],
    "Error converting config to talos client config",
  );
  const budgetMs = budgetOf(state["timeouts"], "delete");
  const signal = abortAfter(budgetMs, context.signal);
  const request = {
    graceful: onDestroy["graceful"] === true,
    reboot: onDestroy["reboot"] === true,
    systemPartitionsToWipe: [
      { label: "STATE", wipe: true },
      { label: "EPHEMERAL", wipe: true },
    ],
  };
  try {
    await withTalosClient(target, budgetMs, signal, (connection) =>
      reset(connection, target, request, signal, budgetMs),
    );
  } catch (error) {
    const text = signal.aborted ? "context deadline exceeded" : goErrorText(error);
    throw new TerraformError(SUMMARY, text);
  }
}

async function reset(
  { client, credentials }: TalosConnection,
  target: TalosTarget,
  request: { graceful: boolean; reboot: boolean },
  signal: AbortSignal,
  budgetMs: number,
): Promise<void> {
  const many = new TalosClient({
    endpoint: target.endpoint,
    nodes: [target.node],
    ...(credentials && { credentials }),
  });
  try {
    await many.version(budgetMs).catch(() => undefined);
    const stopped = servicesStopped(client, signal);
    stopped.catch(() => undefined);
    const bootId = request.reboot ? await readBootId(client, budgetMs) : "";
    await many.reset(request, budgetMs);
    await stopped;
    if (request.reboot) {
      await rebooted(client, target, bootId, signal);
    }
  } finally {
    many.close();
  }
}

/** Resolves at the event of the task that stops all services; a stream that breaks off is opened again. */
async function servicesStopped(client: TalosClient, signal: AbortSignal): Promise<void> {
  const taskEvent = messageType<{ task: string }>("machine.TaskEvent");
  for (let tailEvents = 0; ; tailEvents = -1) {
    try {
      for await (const { data } of client.events({ signal, tailEvents })) {
        const isTask = data?.type_url === "talos/runtime/machine.TaskEvent";
        if (isTask && taskEvent.deserialize(Buffer.from(data.value)).task === "stopAllServices") {
          return;
        }
      }
    } catch (error) {
      if (!(error instanceof TalosApiError)) {
        throw error;
      }
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function rebooted(
  client: TalosClient,
  target: TalosTarget,
  bootId: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const insecure = new TalosClient({ endpoint: target.endpoint, node: target.node });
    try {
      await insecure.disks(POLL_MS * 20);
      return;
    } catch {
      const now = await readBootId(client, POLL_MS * 20).catch(() => bootId);
      if (now !== bootId) {
        return;
      }
    } finally {
      insecure.close();
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function readBootId(client: TalosClient, timeoutMs: number): Promise<string> {
  return (await client.read(BOOT_ID, timeoutMs)).toString("utf8").trim();
}
