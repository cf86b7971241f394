import type { NodeSpec } from "../spec";
import type { ClientCredentials, TalosFault } from "./talosNode";
import { probeNode } from "./talosNode";
import { poll, progressOf } from "./poll";

/**
 * Waits until a node takes a configuration: it waits in maintenance, or it knows our credentials.
 * Without it the provider retries for minutes and then reports only its last RPC error.
 *
 * @throws when the node belongs to another cluster, at once; when it stays unreachable for
 *   `giveUpAfter` seconds. Both name the node and say what to do.
 */
export async function untilReachable(
  node: NodeSpec,
  credentials: ClientCredentials,
  giveUpAfter: number,
): Promise<void> {
  const target = `${node.hostname} (${node.endpoint ?? node.ipAddress})`;
  let finalFaults = 0;
  await poll({
    giveUpAfter,
    progress: progressOf(`waiting for ${target}`),
    attempt: async () => {
      const probe = await probeNode(node, credentials);
      if (probe.reachable) return { done: true };
      // Twice in a row: a node that changes from maintenance to its own PKI shows both for a moment.
      finalFaults = probe.fault.final ? finalFaults + 1 : 0;
      if (finalFaults > 1) throw new Error(unreachable(target, probe.fault));
      return {
        done: false,
        state: probe.fault.what,
        failure: () => unreachable(target, probe.fault),
      };
    },
  });
}

/** The message for a node that cannot be configured. Pure. */
export function unreachable(target: string, fault: TalosFault): string {
  return `node ${target} cannot be configured: ${fault.what}. ${fault.fix}`;
}
