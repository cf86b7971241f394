import { createServer, type Server as NetServer, type Socket } from "node:net";
import {
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { CertificateAndKey } from "./certificates";
import { bindProblem } from "./loopback";

/** 32 MiB: what Talos' server receives at most. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
/** How long replies under way may take to leave before a connection is reset. */
const DRAIN_MS = 250;

/** How a port speaks TLS. */
export interface ListenerTLS extends CertificateAndKey {
  /** PEM of the CAs whose clients are let in; undefined asks for no certificate (maintenance). */
  clientCAs: string | undefined;
}

type Injector = ReturnType<Server["createConnectionInjector"]>;

/**
 * The Talos API port of one node. It owns the sockets, so that a node can refuse, fall silent, or
 * reset connections as a machine does, which a gRPC server of its own cannot.
 */
export class NodeListener {
  private readonly grpc: Server;
  private readonly sockets = new Map<string, Socket>();
  private server: NetServer | undefined;
  private injector: Injector | undefined;

  constructor(
    readonly address: string,
    readonly port: number,
    services: readonly { definition: ServiceDefinition; handlers: UntypedServiceImplementation }[],
  ) {
    this.grpc = new Server({
      "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
      "grpc.max_send_message_length": -1,
    });
    for (const { definition, handlers } of services) {
      this.grpc.addService(definition, handlers);
    }
  }

  get isOpen(): boolean {
    return this.server !== undefined;
  }

  /**
   * Opens the port, or changes what new connections meet on an open one. Undefined: connections
   * are accepted and nothing is said.
   * @throws an Error that names `address:port` and the way out when the port cannot be opened.
   */
  async open(tls: ListenerTLS | undefined, allAddresses?: readonly string[]): Promise<void> {
    const previous = this.injector;
    this.injector = tls === undefined ? undefined : this.createInjector(tls);
    if (previous !== undefined) {
      retire(previous);
    }
    if (this.server !== undefined) {
      return;
    }
    const server = createServer((socket) => this.accept(socket));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.on("error", (error) => {
        this.server = undefined;
        reject(bindProblem(error, { address: this.address, port: this.port }, allAddresses));
      });
      // Closed again before it was open: whoever closed it decides.
      server.once("close", resolve);
      server.listen({ host: this.address, port: this.port, exclusive: true }, resolve);
    });
  }

  /** Refuses new connections at once; lets replies under way leave, then ends what is open. */
  async close(): Promise<void> {
    this.server?.close();
    this.server = undefined;
    if (this.injector !== undefined) {
      retire(this.injector);
    }
    this.injector = undefined;
    const open = [...this.sockets.values()];
    await Promise.race([
      Promise.all(open.map((socket) => new Promise((resolve) => socket.once("close", resolve)))),
      new Promise((resolve) => setTimeout(resolve, DRAIN_MS)),
    ]);
    for (const socket of open) {
      socket.destroy();
    }
  }

  /** Refuses new connections and resets all others, as a machine that loses power. */
  reset(): void {
    this.server?.close();
    this.server = undefined;
    this.injector?.destroy();
    this.injector = undefined;
    for (const socket of this.sockets.values()) {
      socket.resetAndDestroy();
    }
  }

  /** Cuts the connection of one peer (`call.getPeer()`), with whatever it waits for. */
  cut(peer: string): void {
    this.sockets.get(peer)?.resetAndDestroy();
  }

  private accept(socket: Socket): void {
    const peer = peerOf(socket);
    this.sockets.set(peer, socket);
    socket.once("close", () => this.sockets.delete(peer));
    socket.on("error", () => undefined);
    this.injector?.injectConnection(socket);
  }

  private createInjector(tls: ListenerTLS): Injector {
    return this.grpc.createConnectionInjector(
      ServerCredentials.createSsl(
        // Empty, not null: grpc-js would read the system's CAs for nothing.
        Buffer.from(tls.clientCAs ?? ""),
        [{ private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.cert) }],
        tls.clientCAs !== undefined,
      ),
    );
  }
}

function retire(injector: Injector): void {
  injector.drain(DRAIN_MS);
  setTimeout(() => injector.destroy(), DRAIN_MS * 2).unref();
}

/** As `call.getPeer()` of grpc-js names it. */
function peerOf(socket: Socket): string {
  return `${socket.remoteAddress ?? ""}:${socket.remotePort ?? 0}`;
}
