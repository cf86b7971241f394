import { type ServiceError, status } from "@grpc/grpc-js";
import { messageType } from "./definitions";
import { kubeconfigFromArchive } from "./kubeconfigArchive";
import type {
  ApplyConfiguration,
  ApplyMode,
  Disk,
  EtcdMember,
  Event,
  MachineStatusSpec,
  RebootRequest,
  Reply,
  ResetRequest,
  Resource,
  ServiceInfo,
  Time,
  UpgradeRequest,
  Version,
} from "./messages";
import { TalosApiError } from "./talosApiError";
import { TalosConnection, type TalosClientOptions } from "./talosConnection";

/**
 * A client of one Talos API endpoint. Calls do not retry: whoever waits, decides how. Each takes its
 * time limit in milliseconds and rejects with {@link TalosApiError}. Close it when done.
 */
export class TalosClient {
  private readonly connection: TalosConnection;

  constructor(options: TalosClientOptions) {
    this.connection = new TalosConnection(options);
  }

  /** Version, platform and features of the node. */
  async version(timeoutMs: number): Promise<Version> {
    return firstOf(
      await this.connection.unary<Reply<Version>>("machine", "Version", {}, timeoutMs),
    );
  }

  /** Disks. Answered without client credentials only in maintenance mode: the provider's probe. */
  async disks(timeoutMs: number): Promise<Disk[]> {
    const reply = await this.connection.unary<Reply<{ disks: Disk[] }>>(
      "storage",
      "Disks",
      {},
      timeoutMs,
    );
    return reply.messages.flatMap((message) => message.disks);
  }

  /** The node's clock beside that of a time server, which the node asks before it answers. */
  async time(server: string, timeoutMs: number): Promise<Time> {
    return firstOf(
      await this.connection.unary<Reply<Time>>("time", "TimeCheck", { server }, timeoutMs),
    );
  }

  /** Sends a machine configuration. Default mode is AUTO, as the provider's. */
  async applyConfiguration(
    request: { data: string; mode?: ApplyMode; dryRun?: boolean },
    timeoutMs: number,
  ): Promise<ApplyConfiguration> {
    return firstOf(
      await this.connection.unary<Reply<ApplyConfiguration>>(
        "machine",
        "ApplyConfiguration",
        {
          data: Buffer.from(request.data, "utf8"),
          mode: request.mode ?? "AUTO",
          dryRun: request.dryRun ?? false,
        },
        timeoutMs,
      ),
    );
  }

  /** Starts etcd, once in the life of a cluster. AlreadyExists when etcd has data. */
  async bootstrap(timeoutMs: number): Promise<void> {
    await this.connection.unary("machine", "Bootstrap", {}, timeoutMs);
  }

  /** Admin kubeconfig, made afresh by each call from the node's configuration alone. A secret. */
  async kubeconfig(timeoutMs: number): Promise<string> {
    const parts = await this.connection.collect<{ bytes: Uint8Array }>(
      "machine",
      "Kubeconfig",
      {},
      timeoutMs,
    );
    const archive = Buffer.concat(parts.map(({ bytes }) => bytes));
    try {
      return kubeconfigFromArchive(archive);
    } catch (error) {
      throw this.connection.failure("Kubeconfig", status.UNKNOWN, (error as Error).message);
    }
  }

  /** Members of etcd. */
  async etcdMembers(timeoutMs: number): Promise<EtcdMember[]> {
    const reply = await this.connection.unary<Reply<{ members: EtcdMember[] }>>(
      "machine",
      "EtcdMemberList",
      {},
      timeoutMs,
    );
    return firstOf(reply).members;
  }

  /** Services of the node. */
  async services(timeoutMs: number): Promise<ServiceInfo[]> {
    const reply = await this.connection.unary<Reply<{ services: ServiceInfo[] }>>(
      "machine",
      "ServiceList",
      {},
      timeoutMs,
    );
    return reply.messages.flatMap((message) => message.services);
  }

  /** Stage of the machine, without the enum's prefix: `maintenance`, `booting`, `running` … */
  async machineStatus(timeoutMs: number): Promise<{
    stage: string;
    ready: boolean;
    unmetConditions: { name: string; reason: string }[];
  }> {
    const resource = await this.getResource(
      "runtime",
      "MachineStatuses.runtime.talos.dev",
      "machine",
      timeoutMs,
    );
    const spec = messageType<MachineStatusSpec>(
      "talos.resource.definitions.MachineStatusSpec",
    ).deserialize(Buffer.from(resource.spec.protoSpec));
    return {
      stage: spec.stage.replace(/^MACHINE_STAGE_/, "").toLowerCase(),
      ready: spec.status?.ready ?? false,
      unmetConditions: spec.status?.unmetConditions ?? [],
    };
  }

  /** A COSI resource. NotFound when absent. */
  async getResource(
    namespace: string,
    type: string,
    id: string,
    timeoutMs: number,
  ): Promise<Resource> {
    const reply = await this.connection.unary<{ resource: Resource }>(
      "state",
      "Get",
      { namespace, type, id },
      timeoutMs,
    );
    return reply.resource;
  }

  /** COSI resources of a type. */
  async listResources(namespace: string, type: string, timeoutMs: number): Promise<Resource[]> {
    const replies = await this.connection.collect<{ resource: Resource }>(
      "state",
      "List",
      { namespace, type },
      timeoutMs,
    );
    return replies.map(({ resource }) => resource);
  }

  /** Wipes the node. Resolves when the node has accepted; gives the actor of its events. */
  async reset(request: Partial<ResetRequest>, timeoutMs: number): Promise<{ actorId: string }> {
    return firstOf(
      await this.connection.unary<Reply<{ actorId: string }>>(
        "machine",
        "Reset",
        { graceful: true, ...request },
        timeoutMs,
      ),
    );
  }

  /** Reboots the node. Resolves when the node has accepted. */
  async reboot(request: Partial<RebootRequest>, timeoutMs: number): Promise<{ actorId: string }> {
    return firstOf(
      await this.connection.unary<Reply<{ actorId: string }>>(
        "machine",
        "Reboot",
        request,
        timeoutMs,
      ),
    );
  }

  /** Installs another Talos image and reboots. Resolves when the node has accepted. */
  async upgrade(
    request: Partial<UpgradeRequest> & { image: string },
    timeoutMs: number,
  ): Promise<{ ack: string; actorId: string }> {
    return firstOf(
      await this.connection.unary<Reply<{ ack: string; actorId: string }>>(
        "machine",
        "Upgrade",
        request,
        timeoutMs,
      ),
    );
  }

  /** Content of a file on the node. */
  async read(path: string, timeoutMs: number): Promise<Buffer> {
    const parts = await this.connection.collect<{ bytes: Uint8Array }>(
      "machine",
      "Read",
      { path },
      timeoutMs,
    );
    return Buffer.concat(parts.map(({ bytes }) => bytes));
  }

  /** Events, from now on, until `signal` or the server ends the stream. The first one is empty. */
  async *events(options: { signal: AbortSignal; tailEvents?: number }): AsyncGenerator<Event> {
    const stream = this.connection.openStream("machine", "Events", {
      tailEvents: options.tailEvents ?? 0,
    });
    const cancel = () => stream.cancel();
    options.signal.addEventListener("abort", cancel, { once: true });
    try {
      for await (const event of stream) {
        yield event as Event;
      }
    } catch (error) {
      if (!options.signal.aborted) {
        throw TalosApiError.from(error as ServiceError, "Events", this.connection.target);
      }
    } finally {
      options.signal.removeEventListener("abort", cancel);
      cancel();
    }
  }

  /** Ends the connection; calls under way fail. */
  close(): void {
    this.connection.close();
  }
}

function firstOf<M>(reply: Reply<M>): M {
  const first = reply.messages[0];
  if (first === undefined) {
    throw new Error("the node answered without a message");
  }
  return first;
}
