import { isIP } from "node:net";

import { status } from "@grpc/grpc-js";

import { messageType, TalosApiError, type Version } from "../../../talosApi";
import { etcdConsistent, etcdOnControlPlanes, serviceHealthy } from "./etcdChecks";
import { SkipCheck, throwAll, type HealthCheck, type HealthContext } from "./health";

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
