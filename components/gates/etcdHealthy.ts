import type { NodeSpec } from "../spec";
import type { ClientCredentials } from "./talosNode";
import { probeNode, talosFault, withNode } from "./talosNode";
import { poll, progressOf } from "./poll";

/** What one control plane says of its etcd. */
export interface EtcdState {
  readonly hostname: string;
  /** The service's state in Talos' words; undefined when the node does not answer. */
  readonly service: string | undefined;
  readonly healthy: boolean;
  /** The members that this one knows of. */
  readonly members: readonly { readonly hostname: string; readonly isLearner: boolean }[];
  /** Why the node does not answer. */
  readonly fault?: string;
  /** It has no configuration: it was wiped, or its installation failed. */
  readonly inMaintenance?: boolean;
}

/**
 * Waits until every etcd member is healthy, so that the next control plane may reboot: `auto`
 * reboots for many fields, and two members gone at once can cost the quorum.
 *
 * @throws after `giveUpAfter` seconds, naming each member that is not healthy.
 */
export async function untilEtcdHealthy(
  nodes: readonly NodeSpec[],
  credentials: ClientCredentials,
  giveUpAfter: number,
): Promise<void> {
  const controlPlanes = nodes.filter((node) => node.machineType === "controlplane");
  await poll({
    giveUpAfter,
    progress: progressOf("waiting for etcd"),
    attempt: async () => {
      const states = await Promise.all(controlPlanes.map((node) => etcdState(node, credentials)));
      const faults = etcdFaults(states);
      if (faults.length === 0) return { done: true };
      const state = faults.join("; ");
      return {
        done: false,
        state,
        failure: () =>
          `no control plane is changed while etcd is not healthy: ${state}. ` +
          "Look at `talosctl etcd status` and `talosctl service etcd`",
      };
    },
  });
}

async function etcdState(node: NodeSpec, credentials: ClientCredentials): Promise<EtcdState> {
  try {
    const services = await withNode(node, credentials, (client, timeout) =>
      client.services(timeout),
    );
    const etcd = services.find((service) => service.id === "etcd");
    const members = await withNode(node, credentials, (client, timeout) =>
      client.etcdMembers(timeout).catch(() => []),
    );
    return {
      hostname: node.hostname,
      service: etcd?.state,
      healthy: etcd?.health?.healthy ?? false,
      members,
    };
  } catch (error) {
    const { what, final } = talosFault(error);
    // In maintenance its certificate is of no cluster.
    const probe = final ? await probeNode(node, credentials) : undefined;
    const inMaintenance = probe?.reachable === true && probe.maintenance;
    return {
      hostname: node.hostname,
      service: undefined,
      healthy: false,
      members: [],
      ...(inMaintenance ? { inMaintenance } : { fault: what }),
    };
  }
}

/**
 * Why no control plane may be touched now; nothing before the first bootstrap. A control plane that
 * is no member yet, because it waits for its own first configuration, does not count. Pure.
 */
export function etcdFaults(states: readonly EtcdState[]): string[] {
  const members = states.flatMap((state) => state.members);
  if (members.length === 0) {
    const started = states.filter((state) => state.service === "Running");
    // What is in maintenance runs no etcd, and knows of none.
    const others = states.filter((state) => !state.inMaintenance);
    const silent = others.every((state) => state.fault !== undefined) ? others : [];
    return [...started, ...silent].map(fault);
  }
  const isMember = (state: EtcdState) => members.some((m) => m.hostname === state.hostname);
  const learners = new Set(members.filter((m) => m.isLearner).map((m) => m.hostname));
  return [
    ...states.filter((state) => isMember(state) && !state.healthy).map(fault),
    ...[...learners].map((hostname) => `${hostname} only learns yet`),
  ];
}

function fault(state: EtcdState): string {
  if (state.inMaintenance) return `${state.hostname}: it is in maintenance mode`;
  return state.fault
    ? `${state.hostname}: ${state.fault}`
    : `etcd on ${state.hostname} is ${state.service ?? "absent"} and not healthy`;
}
