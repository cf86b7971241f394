import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A loopback port that is there before the server behind it. */
export interface Forwarder {
  port: number;
  /** Connects whoever came and comes to this loopback port. */
  to(port: number): void;
  stop(): void;
}

/**
 * Opens a port at once for a server that takes a while to load, so that its clients can be started
 * meanwhile. Each connection stays one of its own.
 */
export async function forwarder(): Promise<Forwarder> {
  let target: (port: number) => void = () => undefined;
  const ready = new Promise<number>((resolve) => (target = resolve));
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket.setNoDelay(true));
    socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    void ready.then((port) => {
      const upstream = connect(port, "127.0.0.1");
      keep(upstream);
      client.pipe(upstream).pipe(client);
      client.on("close", () => upstream.destroy());
      upstream.on("close", () => client.destroy());
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    to: target,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
