import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

import { forwarder } from "../../../lab/engine/forwarder";

describe("forwarder", () => {
  it("lets clients wait for a server that comes later, each with a connection of its own", async () => {
    const early = await forwarder();
    const clients = [connect(early.port, "127.0.0.1"), connect(early.port, "127.0.0.1")];
    await Promise.all(clients.map((client) => once(client, "connect")));
    clients.forEach((client, index) => client.write(`client ${index}`));

    const seen: Socket[] = [];
    const server = createServer((socket) => {
      seen.push(socket);
      socket.on("data", (data) => socket.write(`echo ${String(data)}`));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    early.to((server.address() as AddressInfo).port);

    const answers = await Promise.all(clients.map((client) => once(client, "data")));
    assert.deepEqual(answers.map(String), ["echo client 0", "echo client 1"]);
    assert.equal(seen.length, 2);

    const closed = Promise.all(clients.map((client) => once(client, "close")));
    early.stop();
    await closed;
    server.close();
  });
});
