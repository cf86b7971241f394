import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";

export interface LoadBalancer {
  /** URL with an address of its own. */
  readonly url: string;
  /** How many were passed on so far. */
  connections(): number;
  stop(): void;
}

/** What stands before an API server in the field: another loopback address that leads to it. */
export async function loadBalancer(endpoint: string): Promise<LoadBalancer> {
  const { hostname, port } = new URL(endpoint);
  const address = hostname.replace(/\d+$/, "200");
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((client) => {
    connections++;
    const upstream = connect(Number(port), hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket) && other.destroy());
      socket.pipe(other);
    }
  });
  await once(server.listen(0, address), "listening");
  return {
    url: `https://${address}:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
