import {
  type Client,
  type ClientReadableStream,
  Metadata as CallMetadata,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { channelCredentials, type ClientCredentials } from "./credentials";
import { serviceConstructor, SERVICES } from "./definitions";
import { formatEndpoint, parseEndpoint } from "./endpoint";
import type { Reply } from "./messages";
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

/** A connection to one endpoint, on which calls are made by service and method name. */
export class TalosConnection {
  /** `host:port`. */
  readonly target: string;
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
    this.clients = {
      machine: first,
      storage: open(SERVICES.storage),
      time: open(SERVICES.time),
      state: open(SERVICES.state),
    };
    this.metadata.set("runtime", "Talos");
    if (options.node !== undefined) {
      this.metadata.set("node", options.node);
    }
    for (const node of options.nodes ?? []) {
      this.metadata.add("nodes", node);
    }
  }

  /** One question, one answer. */
  async unary<T>(
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

  /** All messages of a stream. */
  async collect<T>(
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

  /** The messages of a stream as they come. */
  openStream(
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

  failure(rpc: string, code: number, details: string): TalosApiError {
    return new TalosApiError(rpc, this.target, code, details);
  }

  close(): void {
    this.clients.machine.close();
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
