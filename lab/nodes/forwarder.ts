import { type Client, Metadata, type MethodDefinition, status } from "@grpc/grpc-js";
import {
  channelCredentials,
  type ClientCredentials,
  formatEndpoint,
  serviceConstructor,
  SERVICES,
} from "../../talosApi";
import { caBundle, issuerOf, talosClientCertificate } from "./certificates";
import type { MachineConfiguration } from "./machineConfiguration";
import { ROLE_HEADER, ROLES } from "./roles";
import { FORWARDED_HEADER } from "./routing";
import type { Caller, Method } from "./rpc";
import { RpcError } from "./rpcError";

/** A call that is passed on. */
interface Forwarded extends Caller {
  deadline: Date | number;
  peer: string;
}

/** Where a named machine listens; undefined when the lab has none of that name. */
export type Resolve = (target: string) => { address: string; port: number } | undefined;

/**
 * The forwarding half of a control plane's apid. It goes over the wire, so that whatever is wrong
 * with the other node shows as it would.
 */
export class Forwarder {
  private readonly clients = new Map<string, Promise<Client>>();
  private credentials: Promise<ClientCredentials> | undefined;

  constructor(
    private readonly configuration: () => MachineConfiguration | undefined,
    private readonly resolve: Resolve,
  ) {}

  async unary(
    target: string,
    method: Method,
    request: unknown,
    caller: Forwarded,
  ): Promise<object> {
    const client = await this.clientOf(target);
    const definition = definitionOf(method);
    return new Promise((resolve, reject) => {
      const call = client.makeUnaryRequest(
        definition.path,
        definition.requestSerialize,
        definition.responseDeserialize,
        request as object,
        forwardedMetadata(caller),
        { deadline: caller.deadline },
        (error, reply) => (error ? reject(RpcError.of(error)) : resolve(reply ?? {})),
      );
      caller.signal.addEventListener("abort", () => call.cancel(), { once: true });
    });
  }

  async stream(
    target: string,
    method: Method,
    request: unknown,
    caller: Forwarded,
    send: (message: object) => void,
  ): Promise<void> {
    const client = await this.clientOf(target);
    const definition = definitionOf(method);
    const call = client.makeServerStreamRequest(
      definition.path,
      definition.requestSerialize,
      definition.responseDeserialize,
      request as object,
      forwardedMetadata(caller),
      { deadline: caller.deadline },
    );
    caller.signal.addEventListener("abort", () => call.cancel(), { once: true });
    try {
      for await (const message of call) {
        send(message as object);
      }
    } catch (error) {
      throw RpcError.of(error);
    }
  }

  /** Ends all connections; the certificate is made anew. */
  close(): void {
    for (const client of this.clients.values()) {
      client.then((open) => open.close()).catch(() => undefined);
    }
    this.clients.clear();
    this.credentials = undefined;
  }

  private async clientOf(target: string): Promise<Client> {
    const found = this.resolve(target);
    if (found === undefined) {
      throw new RpcError(
        status.UNAVAILABLE,
        `connection error: desc = "transport: Error while dialing: dial tcp ${target}:50000: connect: no route to host"`,
      );
    }
    const endpoint = formatEndpoint({ host: found.address, port: found.port });
    let client = this.clients.get(endpoint);
    if (client === undefined) {
      client = this.open(found.address, endpoint);
      this.clients.set(endpoint, client);
    }
    return client;
  }

  private async open(host: string, endpoint: string): Promise<Client> {
    this.credentials ??= this.impersonator();
    const { credentials, options } = channelCredentials(host, await this.credentials);
    return new (serviceConstructor(SERVICES.machine))(endpoint, credentials, {
      ...options,
      "grpc.max_receive_message_length": 32 * 1024 * 1024,
      "grpc.max_send_message_length": -1,
      "grpc.use_local_subchannel_pool": 1,
      "grpc.enable_http_proxy": 0,
      // A lab's nodes come and go within milliseconds.
      "grpc.initial_reconnect_backoff_ms": 100,
      "grpc.max_reconnect_backoff_ms": 500,
    });
  }

  private async impersonator(): Promise<ClientCredentials> {
    const configuration = this.configuration();
    if (configuration === undefined) {
      throw new RpcError(status.UNAVAILABLE, "this node has no configuration");
    }
    const client = await talosClientCertificate(await issuerOf(configuration.ca), [
      ROLES.impersonator,
    ]);
    const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");
    const trusted = caBundle([configuration.ca, ...configuration.acceptedCAs]);
    return { ca: base64(trusted), cert: base64(client.cert), key: base64(client.key) };
  }
}

function definitionOf(method: Method): MethodDefinition<object, object> {
  const { service } = serviceConstructor(SERVICES[method.service]);
  const definition = service[method.rpc];
  if (definition === undefined) {
    throw new RpcError(status.UNIMPLEMENTED, `unknown method ${method.rpc}`);
  }
  return definition as MethodDefinition<object, object>;
}

function forwardedMetadata(caller: Forwarded): Metadata {
  const metadata = new Metadata();
  metadata.set(FORWARDED_HEADER, caller.peer);
  for (const role of caller.roles) {
    metadata.add(ROLE_HEADER, role);
  }
  return metadata;
}
