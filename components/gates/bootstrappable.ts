import * as pulumi from "@pulumi/pulumi";

import type { ImportTarget } from "../importLine";
import { importLine } from "../importLine";
import type { ClientCredentials, NodeAddress, Probe } from "./talosNode";
import { probeNode, withNode } from "./talosNode";
import { poll, progressOf } from "./poll";

/**
 * Waits until etcd of the first control plane can be started, and refuses to start it twice.
 *
 * @throws at once when etcd has members, with the exact `pulumi import` line; after `giveUpAfter`
 *   seconds when the node does not get that far.
 */
export async function untilBootstrappable(
  node: NodeAddress,
  credentials: ClientCredentials,
  target: ImportTarget,
  giveUpAfter: number,
): Promise<void> {
  const who = nameOf(node);
  await poll({
    giveUpAfter,
    progress: progressOf(`waiting to bootstrap ${who}`),
    attempt: async () => {
      const seen = await bootState(node, credentials);
      if (seen.kind === "bootstrapped") throw new Error(alreadyBootstrapped(node, target));
      if (seen.kind === "ready") return { done: true };
      const failure = () => `node ${who} cannot be bootstrapped: ${seen.state}. ${seen.fix}`;
      return { done: false, state: seen.state, failure };
    },
  });
}

/**
 * Tells the way out when Bootstrap took effect but its reply was lost: the provider retries it, is
 * answered AlreadyExists every time and can only fail.
 */
export async function explainLostReply(
  node: NodeAddress,
  target: ImportTarget,
  errors: readonly string[],
): Promise<void> {
  if (!errors.some(isAlreadyBootstrapped)) return;
  await pulumi.log.error(alreadyBootstrapped(node, target));
}

/** Whether the provider gave up on a Bootstrap that had taken effect. Pure. */
export function isAlreadyBootstrapped(error: string): boolean {
  return /AlreadyExists|etcd data directory is not empty/.test(error);
}

type BootState =
  | { readonly kind: "ready" }
  | { readonly kind: "bootstrapped" }
  | {
      readonly kind: "waiting";
      readonly state: string;
      readonly fix: string;
    };

/** Services of a control plane before its bootstrap: etcd is there and waits. */
const ETCD_STARTED = ["Running", "Finished", "Stopping"];

async function bootState(node: NodeAddress, credentials: ClientCredentials): Promise<BootState> {
  try {
    const members = await withNode(node, credentials, (client, timeout) =>
      client.etcdMembers(timeout).catch(() => []),
    );
    if (members.length > 0) return { kind: "bootstrapped" };
    const services = await withNode(node, credentials, (client, timeout) =>
      client.services(timeout),
    );
    const etcd = services.find((service) => service.id === "etcd");
    if (etcd && !ETCD_STARTED.includes(etcd.state)) return { kind: "ready" };
    return {
      kind: "waiting",
      state: etcd
        ? `its etcd is ${etcd.state} but names no members`
        : "it has not started etcd yet",
      fix: "Look at `talosctl service etcd`: a control plane gets there when its install has ended",
    };
  } catch {
    return waitingFor(await probeNode(node, credentials));
  }
}

/** A node that has just taken its configuration is in maintenance for a moment more. Pure. */
function waitingFor(probe: Probe): BootState {
  if (!probe.reachable) {
    return { kind: "waiting", state: probe.fault.what, fix: probe.fault.fix };
  }
  return {
    kind: "waiting",
    state: probe.maintenance ? "it is still in maintenance mode" : "it has just come up",
    fix: "Look at the machine's console: it has not begun to boot with its configuration",
  };
}

/**
 * Whether etcd of this cluster runs: a node that takes our credentials is of no other cluster.
 *
 * @throws what the node's Talos API answers instead.
 */
export async function isBootstrapped(
  node: NodeAddress,
  credentials: ClientCredentials,
): Promise<boolean> {
  const members = await withNode(node, credentials, (client, timeout) =>
    client.etcdMembers(timeout),
  );
  return members.length > 0;
}

/** The way out when etcd runs but the state knows of no bootstrap. Pure. */
export function alreadyBootstrapped(node: NodeAddress, target: ImportTarget): string {
  const who = nameOf(node);
  const line = importLine(target, {
    id: "machine_bootstrap",
    suffix: "-bootstrap",
    inputs: unread(node),
    schemaVersion: 1,
  });
  return (
    `etcd on ${who} is bootstrapped already, and a second bootstrap would be a second cluster. ` +
    "The next `pulumi up` takes it over; without an update, this does:\n" +
    `  ${line}\n` +
    "If the machine is to begin anew, reset it first"
  );
}

/** Credentials are no part of a message: the provider wants some, and the next `up` gives the real. */
function unread(node: NodeAddress): Record<string, unknown> {
  const clientConfiguration = { caCertificate: "", clientCertificate: "", clientKey: "" };
  return { node: node.ipAddress, clientConfiguration };
}

function nameOf(node: NodeAddress): string {
  return `${node.hostname} (${node.endpoint ?? node.ipAddress})`;
}
