import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

import { certificateAuthority, serverCertificate } from "../../lab/nodes/certificates";

/** Something at a loopback address that is asked as an API server would be. */
export interface ServedAPI {
  readonly kubeconfig: string;
  stop(): void;
}

/** Listens with a certificate of its own, and with a kubeconfig that trusts it; anybody may ask. */
export async function serveAPI(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<ServedAPI> {
  const authority = await certificateAuthority({ keyType: "ec" });
  const own = await serverCertificate(authority, { commonName: "api", names: ["127.0.0.1"] });
  const server = createServer({ ...own }, answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const named = (kind: string, value: object) => ({ [`${kind}s`]: [{ name: "a", [kind]: value }] });
  const kubeconfig = JSON.stringify({
    ...named("cluster", {
      server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      "certificate-authority-data": Buffer.from(authority.cert).toString("base64"),
    }),
    ...named("user", { token: "t" }),
    ...named("context", { cluster: "a", user: "a" }),
    "current-context": "a",
  });
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { kubeconfig, stop };
}
