import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";

import type { ClientCredentials } from "./talosNode";

/** One message without a field, as gRPC frames it. */
const EMPTY_REPLY = Buffer.alloc(5);

/**
 * The Talos API of a node for which nothing is left to do: it takes every call, as a node in
 * maintenance takes those of whoever has no certificate, and does nothing.
 *
 * The provider cannot take over what has been bootstrapped: it has no answer but Bootstrap's own, and
 * it cannot bring an imported one into the state (pulumi-terraform-bridge #3481).
 *
 * @returns its endpoint, a loopback port of this process, which it does not keep alive.
 */
export async function acknowledgingNode(credentials: ClientCredentials): Promise<string> {
  const { pemOf } = await import("../../talosApi");
  // Nobody verifies a node in maintenance, so any certificate will do.
  const server = createSecureServer({
    cert: pemOf(credentials.clientCertificate),
    key: pemOf(credentials.clientKey),
  });
  server.on("stream", (stream) => {
    stream.respond(
      { ":status": 200, "content-type": "application/grpc" },
      { waitForTrailers: true },
    );
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(EMPTY_REPLY);
    stream.resume();
  });
  server.on("connection", (socket) => socket.unref());
  server.unref();
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () =>
      resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}
