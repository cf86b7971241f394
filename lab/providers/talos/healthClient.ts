import { Metadata, type Client, type ServiceError } from "@grpc/grpc-js";

import {
  channelCredentials,
  formatEndpoint,
  parseEndpoint,
  serviceConstructor,
  SERVICES,
  TalosApiError,
  TalosClient,
  type ClientCredentials,
  type Reply,
} from "../../../talosApi";

type UnaryCall = (
  request: object,
  metadata: Metadata,
  options: { deadline: number },
  callback: (error: ServiceError | null, reply: unknown) => void,
) => void;

/**
 * Calls of one Talos cluster through any of its endpoints, always with mTLS. Machine calls give one message a node, with
 * the node in its metadata.
 */
export class TalosHealthClient {
  private readonly channels: { target: string; client: Client }[];
  private next = 0;

  constructor(
    private readonly endpoints: readonly string[],
    private readonly credentials: ClientCredentials,
  ) {
    this.channels = endpoints.map((endpoint) => {
      const parsed = parseEndpoint(endpoint);
      const target = formatEndpoint(parsed);
      const channel = channelCredentials(parsed.host, credentials);
      const Service = serviceConstructor(SERVICES.machine);
      return {
        target,
        client: new Service(target, channel.credentials, {
          ...channel.options,
          "grpc.use_local_subchannel_pool": 1,
        }),
      };
    });
  }

  /** A machine call; without `nodes` the endpoint answers for itself. */
  async machine<M>(
    rpc: string,
    nodes: readonly string[] | undefined,
    timeoutMs: number,
  ): Promise<Reply<M>["messages"]> {
    const channel = this.channels[this.next++ % this.channels.length];
    if (channel === undefined) {
      throw new Error("failed to determine endpoints");
    }
    const { client, target } = channel;
    const metadata = new Metadata();
    metadata.set("runtime", "Talos");
    nodes?.forEach((node) => metadata.add("nodes", node));
    const calls = client as unknown as Record<string, UnaryCall>;
    const reply = await new Promise<Reply<M>>((resolve, reject) =>
      calls[rpc]?.({}, metadata, { deadline: Date.now() + timeoutMs }, (error, value) =>
        error === null
          ? resolve(value as Reply<M>)
          : reject(TalosApiError.from(error, rpc, target)),
      ),
    );
    const failed = reply.messages.find((message) => message.metadata?.error);
    if (failed?.metadata) {
      throw new Error(`${failed.metadata.hostname}: ${failed.metadata.error}`);
    }
    return reply.messages;
  }

  /** A client that is about one node, or about the endpoint itself; closed after use. */
  async withClient<T>(
    node: string | undefined,
    use: (client: TalosClient) => Promise<T>,
  ): Promise<T> {
    const endpoint = this.endpoints[this.next++ % this.endpoints.length] ?? "";
    const client = new TalosClient({
      endpoint,
      credentials: this.credentials,
      ...(node !== undefined && { node }),
    });
    try {
      return await use(client);
    } finally {
      client.close();
    }
  }

  close(): void {
    for (const { client } of this.channels) {
      client.close();
    }
  }
}
