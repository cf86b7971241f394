import { isIP } from "node:net";

import { status } from "@grpc/grpc-js";

import {
  messageType,
  TalosApiError,
  type EtcdMember,
  type ServiceInfo,
  type Version,
} from "../../../talosApi";
import { SkipCheck, type HealthCheck, type HealthContext } from "./health";

const MIB = 1024 * 1024;
/** Memory that Talos asks of a machine, MiB. */
const MINIMUM_MEMORY_MIB = { controlPlane: 1698, worker: 874 };

/** What a Talos cluster must answer before its nodes count as booted. Kubernetes is not asked. */
export const TALOS_CHECKS: readonly HealthCheck[] = [
  check("etcd to be healthy", (context, timeoutMs) => serviceHealthy(context, "etcd", timeoutMs)),
  check("etcd members to be consistent across nodes", etcdConsistent),
  check("etcd members to be control plane nodes", etcdOnControlPlanes),
  check("apid to be ready", async ({ talos, nodes }, timeoutMs) => {
    await talos.machine("Version", nodes, timeoutMs);
  }),
  check("all nodes memory sizes", memorySizes),
  check("all nodes disk sizes", diskSizes),
  check("no diagnostics", noDiagnostics),
  check("kubelet to be healthy", (context, timeoutMs) =>
    serviceHealthy(context, "kubelet", timeoutMs),
  ),
  check("all nodes to finish boot sequence", bootFinished),
];

function check(description: string, assert: HealthCheck["assert"]): HealthCheck {
  return { description, intervalMs: 5000, assert };
}

async function serviceHealthy(
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

async function etcdConsistent(
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

async function etcdOnControlPlanes(
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

async function machinesOfMetal(
  { talos, nodes }: HealthContext,
  timeoutMs: number,
): Promise<string[]> {
  const messages = await talos.machine<Version>("Version", nodes, timeoutMs);
  return messages
    .filter(({ platform }) => platform?.mode !== "container")
    .map(({ metadata }) => metadata?.hostname ?? "");
}

async function memorySizes(context: HealthContext, timeoutMs: number): Promise<void> {
  const metal = await machinesOfMetal(context, timeoutMs);
  if (metal.length === 0) {
    return;
  }
  const messages = await context.talos.machine<{ meminfo: { memtotal: string } | null }>(
    "Memory",
    metal,
    timeoutMs,
  );
  throwAll(
    messages.map(({ metadata, meminfo }) => {
      const node = metadata?.hostname ?? "";
      const isControlPlane = context.controlPlaneNodes.includes(node);
      const minimum = MINIMUM_MEMORY_MIB[isControlPlane ? "controlPlane" : "worker"];
      const actual = Math.floor((Number(meminfo?.memtotal ?? 0) * 1024) / MIB);
      return actual >= minimum
        ? undefined
        : `node "${node}" does not meet memory requirements: expected at least ${minimum} MiB, actual ${actual} MiB`;
    }),
  );
}

/** Only that the volume is there: its size is not compared. */
async function diskSizes(context: HealthContext, timeoutMs: number): Promise<void> {
  for (const node of (await machinesOfMetal(context, timeoutMs)).sort()) {
    await skipWherePermissionDenied(
      context.talos.withClient(node, (client) =>
        client.getResource("runtime", "VolumeStatuses.block.talos.dev", "EPHEMERAL", timeoutMs),
      ),
    );
  }
}

async function noDiagnostics({ talos, nodes }: HealthContext, timeoutMs: number): Promise<void> {
  const active: string[] = [];
  const spec = messageType<{ message: string }>("talos.resource.definitions.DiagnosticSpec");
  for (const node of nodes) {
    const found = await skipWherePermissionDenied(
      talos.withClient(node, (client) =>
        client.listResources("runtime", "Diagnostics.runtime.talos.dev", timeoutMs),
      ),
    );
    const messages = found.map(
      (resource) => spec.deserialize(Buffer.from(resource.spec.protoSpec)).message,
    );
    if (messages.length > 0) {
      active.push(`${node}: ${messages.join(", ")}`);
    }
  }
  if (active.length > 0) {
    throw new Error(`active diagnostics: ${active.sort().join("; ")}`);
  }
}

async function bootFinished({ talos, nodes }: HealthContext, timeoutMs: number): Promise<void> {
  const byStage = new Map<string, string[]>();
  for (const node of nodes) {
    const { stage } = await talos.withClient(node, (client) => client.machineStatus(timeoutMs));
    if (stage !== "running") {
      byStage.set(stage, [...(byStage.get(stage) ?? []), node]);
    }
  }
  if (byStage.size > 0) {
    const stages = [...byStage].map(([stage, found]) => `${stage}: [${found.sort().join(" ")}]`);
    throw new Error(`nodes are not running: ${stages.join(", ")}`);
  }
}

async function skipWherePermissionDenied<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof TalosApiError && error.code === status.PERMISSION_DENIED) {
      throw new SkipCheck();
    }
    throw error;
  }
}

/**
 * Node addresses of a program.
 * @throws for one that is no IP address.
 */
export function checkedAddresses(addresses: readonly string[]): string[] {
  for (const address of addresses) {
    if (isIP(address) === 0) {
      throw new Error(`ParseAddr(${JSON.stringify(address)}): unable to parse IP`);
    }
  }
  return [...addresses];
}

function throwAll(faults: readonly (string | undefined)[]): void {
  const found = faults.filter((fault) => fault !== undefined);
  if (found.length > 0) {
    const plural = found.length === 1 ? "1 error" : `${found.length} errors`;
    throw new Error(`${plural} occurred:\n${found.map((fault) => `\t* ${fault}\n`).join("")}\n`);
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
