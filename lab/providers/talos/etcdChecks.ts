import type { EtcdMember, ServiceInfo } from "../../../talosApi";
import { throwAll, type HealthContext } from "./health";

/** Every control plane runs the service, and it is healthy. */
export async function serviceHealthy(
  { talos, controlPlaneNodes }: HealthContext,
  id: string,
  timeoutMs: number,
): Promise<void> {
  const messages = await talos.machine<{ services: ServiceInfo[] }>(
    "ServiceList",
    controlPlaneNodes,
    timeoutMs,
  );
  const found = messages.flatMap(({ metadata, services }) =>
    services
      .filter((service) => service.id === id)
      .map((service) => ({ node: metadata?.hostname ?? "", service })),
  );
  if (found.length !== controlPlaneNodes.length) {
    throw new Error(
      `expected a response with ${controlPlaneNodes.length} node(s), got ${found.length}`,
    );
  }
  throwAll(found.sort(byNode).map(({ node, service }) => serviceFault(node, service)));
}

function serviceFault(node: string, { id, events, health }: ServiceInfo): string | undefined {
  const last = events?.events.at(-1);
  if (last === undefined) {
    return `${node}: no events recorded yet for service "${id}"`;
  }
  if (last.state !== "Running") {
    return `${node}: service "${id}" not in expected state "Running": current state [${last.state}] ${last.msg}`;
  }
  return health?.healthy ? undefined : `${node}: service is not healthy: ${id}`;
}

/** All control planes list the same members. */
export async function etcdConsistent(
  { talos, controlPlaneNodes }: HealthContext,
  timeoutMs: number,
): Promise<void> {
  const messages = await talos.machine<{ members: EtcdMember[] }>(
    "EtcdMemberList",
    controlPlaneNodes,
    timeoutMs,
  );
  const [first, ...others] = messages
    .map(({ metadata, members }) => ({ node: metadata?.hostname ?? "", members }))
    .sort(byNode);
  if (first === undefined) {
    throw new Error("no messages returned");
  }
  const known = new Set(first.members.map(memberKey));
  for (const { node, members } of others) {
    if (members.length !== known.size) {
      throw new Error(
        `${node}: expected to have [${first.members.map(hostname).join(" ")}] members, got [${members.map(hostname).join(" ")}]`,
      );
    }
    const stranger = members.find((member) => !known.has(memberKey(member)));
    if (stranger !== undefined) {
      throw new Error(`${node}: found unexpected etcd member ${stranger.hostname}`);
    }
  }
}

/** Every member has the address of a control plane. */
export async function etcdOnControlPlanes(
  { talos, controlPlaneNodes }: HealthContext,
  timeoutMs: number,
): Promise<void> {
  const [message] = await talos.machine<{ members: EtcdMember[] }>(
    "EtcdMemberList",
    undefined,
    timeoutMs,
  );
  const addresses = (message?.members ?? []).flatMap(({ peerUrls }) =>
    peerUrls.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, "")),
  );
  if (!addresses.every((address) => controlPlaneNodes.includes(address))) {
    throw new Error(
      `etcd member ips ${quoted(addresses)} are not subset of control plane node ips ${quoted(controlPlaneNodes)}`,
    );
  }
}

function byNode(a: { node: string }, b: { node: string }): number {
  return a.node < b.node ? -1 : Number(a.node > b.node);
}

function memberKey({ hostname: name, id, isLearner }: EtcdMember): string {
  return `${name} ${id} ${isLearner}`;
}

function hostname(member: EtcdMember): string {
  return member.hostname;
}

function quoted(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(" ")}]`;
}
