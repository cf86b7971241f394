import {
  Metadata as CallMetadata,
  type Client,
  type ClientReadableStream,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { channelCredentials, type ClientCredentials } from "./credentials";
import { messageType, serviceConstructor, SERVICES } from "./definitions";
import { formatEndpoint, parseEndpoint } from "./endpoint";
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
  UpgradeRequest,
  Version,
} from "./messages";
import { TalosApiError } from "./talosApiError";

/** 32 MiB, as the Talos client and server. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

export interface TalosClientOptions {
  /** Address that is called: host or host:port; port 50000 where it names none. */
  endpoint: string;
  /** Node that the request is about, where the endpoint is to forward it. */
  node?: string;
  /** One-to-many: every reply then has one message a node. Only machine and storage calls. */
  nodes?: string[];
  /** mTLS. Without it the server is not verified and no certificate is sent: maintenance mode. */
  credentials?: ClientCredentials;
}

type UnaryCall = (
  request: object,
  metadata: CallMetadata,
  options: { deadline: number },
  callback: (error: ServiceError | null, reply: unknown) => void,
) => void;
type StreamCall = (
  request: object,
  metadata: CallMetadata,
  options: { deadline?: number },
) => ClientReadableStream<unknown>;

/**
 * A client of one Talos API endpoint. Calls do not retry: whoever waits, decides how. Each takes its
 * time limit in milliseconds and rejects with {@link TalosApiError}. Close it when done.
 */
export class TalosClient {
  private readonly target: string;
  private readonly clients: Record<keyof typeof SERVICES, Client>;
  private readonly metadata = new CallMetadata();

  constructor(options: TalosClientOptions) {
    const endpoint = parseEndpoint(options.endpoint);
    this.target = formatEndpoint(endpoint);
    const channel = channelCredentials(endpoint.host, options.credentials);
    const channelOptions = {
      ...channel.options,
      "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
      "grpc.max_send_message_length": -1,
      // A client of its own never inherits another one's back-off.
      "grpc.use_local_subchannel_pool": 1,
      // As Go: loopback is never proxied.
      ...(isLoopback(endpoint.host) ? { "grpc.enable_http_proxy": 0 } : {}),
    };
    const first = new (serviceConstructor(SERVICES.machine))(
      this.target,
      channel.credentials,
      channelOptions,
    );
    const shared = { channelOverride: first.getChannel() };
    const open = (service: string) =>
      new (serviceConstructor(service))(this.target, channel.credentials, shared);
    this.clients = { machine: first, storage: open(SERVICES.storage), state: open(SERVICES.state) };
    this.metadata.set("runtime", "Talos");
    if (options.node !== undefined) {
      this.metadata.set("node", options.node);
    }
    for (const node of options.nodes ?? []) {
      this.metadata.add("nodes", node);
    }
  }

  /** Version, platform and features of the node. */
  async version(timeoutMs: number): Promise<Version> {
    return firstOf(await this.unary<Reply<Version>>("machine", "Version", {}, timeoutMs));
  }

  /** Disks. Answered without client credentials only in maintenance mode: the provider's probe. */
  async disks(timeoutMs: number): Promise<Disk[]> {
    const reply = await this.unary<Reply<{ disks: Disk[] }>>("storage", "Disks", {}, timeoutMs);
    return reply.messages.flatMap((message) => message.disks);
  }

  /** Sends a machine configuration. Default mode is AUTO, as the provider's. */
  async applyConfiguration(
    request: { data: string; mode?: ApplyMode; dryRun?: boolean },
    timeoutMs: number,
  ): Promise<ApplyConfiguration> {
    return firstOf(
      await this.unary<Reply<ApplyConfiguration>>(
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
    await this.unary("machine", "Bootstrap", {}, timeoutMs);
  }

  /** Admin kubeconfig, made afresh by each call from the node's configuration alone. A secret. */
  async kubeconfig(timeoutMs: number): Promise<string> {
    const parts = await this.collect<{ bytes: Uint8Array }>("machine", "Kubeconfig", {}, timeoutMs);
    const archive = Buffer.concat(parts.map(({ bytes }) => bytes));
    try {
      return kubeconfigFromArchive(archive);
    } catch (error) {
      throw this.failure("Kubeconfig", status.UNKNOWN, (error as Error).message);
    }
  }

  /** Members of etcd. */
  async etcdMembers(timeoutMs: number): Promise<EtcdMember[]> {
    const reply = await this.unary<Reply<{ members: EtcdMember[] }>>(
      "machine",
      "EtcdMemberList",
      {},
      timeoutMs,
    );
    return firstOf(reply).members;
  }

  /** Services of the node. */
  async services(timeoutMs: number): Promise<ServiceInfo[]> {
    const reply = await this.unary<Reply<{ services: ServiceInfo[] }>>(
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
    const reply = await this.unary<{ resource: Resource }>(
      "state",
      "Get",
      { namespace, type, id },
      timeoutMs,
    );
    return reply.resource;
  }

  /** COSI resources of a type. */
  async listResources(namespace: string, type: string, timeoutMs: number): Promise<Resource[]> {
    const replies = await this.collect<{ resource: Resource }>(
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
      await this.unary<Reply<{ actorId: string }>>(
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
      await this.unary<Reply<{ actorId: string }>>("machine", "Reboot", request, timeoutMs),
    );
  }

  /** Installs another Talos image and reboots. Resolves when the node has accepted. */
  async upgrade(
    request: Partial<UpgradeRequest> & { image: string },
    timeoutMs: number,
  ): Promise<{ ack: string; actorId: string }> {
    return firstOf(
      await this.unary<Reply<{ ack: string; actorId: string }>>(
        "machine",
        "Upgrade",
        request,
        timeoutMs,
      ),
    );
  }

  /** Content of a file on the node. */
  async read(path: string, timeoutMs: number): Promise<Buffer> {
    const parts = await this.collect<{ bytes: Uint8Array }>("machine", "Read", { path }, timeoutMs);
    return Buffer.concat(parts.map(({ bytes }) => bytes));
  }

  /** Events, from now on, until `signal` or the server ends the stream. The first one is empty. */
  async *events(options: { signal: AbortSignal; tailEvents?: number }): AsyncGenerator<Event> {
    const stream = this.openStream("machine", "Events", { tailEvents: options.tailEvents ?? 0 });
    const cancel = () => stream.cancel();
    options.signal.addEventListener("abort", cancel, { once: true });
    try {
      for await (const event of stream) {
        yield event as Event;
      }
    } catch (error) {
      if (!options.signal.aborted) {
        throw TalosApiError.from(error as ServiceError, "Events", this.target);
      }
    } finally {
      options.signal.removeEventListener("abort", cancel);
      cancel();
    }
  }

  /** Ends the connection; calls under way fail. */
  close(): void {
    this.clients.machine.close();
  }

  private async unary<T>(
    service: keyof typeof SERVICES,
    rpc: string,
    request: object,
    timeoutMs: number,
  ): Promise<T> {
    const client = this.clients[service] as unknown as Record<string, UnaryCall>;
    const reply = await new Promise<T>((resolve, reject) => {
      client[rpc]?.(request, this.metadata, { deadline: Date.now() + timeoutMs }, (error, value) =>
        error ? reject(TalosApiError.from(error, rpc, this.target)) : resolve(value as T),
      );
    });
    this.throwNodeError(rpc, reply);
    return reply;
  }

  private async collect<T>(
    service: keyof typeof SERVICES,
    rpc: string,
    request: object,
    timeoutMs: number,
  ): Promise<T[]> {
    const parts: T[] = [];
    try {
      for await (const part of this.openStream(service, rpc, request, timeoutMs)) {
        parts.push(part as T);
      }
    } catch (error) {
      throw TalosApiError.from(error as ServiceError, rpc, this.target);
    }
    this.throwNodeError(rpc, { messages: parts });
    return parts;
  }

  private openStream(
    service: keyof typeof SERVICES,
    rpc: string,
    request: object,
    timeoutMs?: number,
  ): ClientReadableStream<unknown> {
    const client = this.clients[service] as unknown as Record<string, StreamCall>;
    const call = client[rpc];
    if (call === undefined) {
      throw this.failure(rpc, status.UNIMPLEMENTED, `talosApi has no method ${rpc}`);
    }
    const options = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
    return call.call(client, request, this.metadata, options);
  }

  /** apid puts the failure of one node of many into the reply instead of failing the call. */
  private throwNodeError(rpc: string, reply: unknown): void {
    const messages = (reply as Partial<Reply<object>>).messages ?? [];
    const failed = messages.find(({ metadata }) => metadata?.error);
    if (failed?.metadata) {
      const { error, hostname, status: nodeStatus } = failed.metadata;
      const details = nodeStatus?.message || error;
      throw this.failure(rpc, nodeStatus?.code ?? status.UNKNOWN, `${hostname}: ${details}`);
    }
  }

  private failure(rpc: string, code: number, details: string): TalosApiError {
    return new TalosApiError(rpc, this.target, code, details);
  }
}

function firstOf<M>(reply: Reply<M>): M {
  const first = reply.messages[0];
  if (first === undefined) {
    throw new Error("the node answered without a message");
  }
  return first;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
