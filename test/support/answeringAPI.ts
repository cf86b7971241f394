import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

import {
  certificateAuthority,
  kubernetesAdminCertificate,
  serverCertificate,
} from "../../lab/nodes/certificates";

/** Something that answers as an API server would, with what a test gives it. */
export interface AnsweringAPI {
  readonly kubeconfig: string;
  /** By path, for instance `/api/v1/nodes`; all else is not there. A deletion takes it away. */
  readonly objects: Map<string, object>;
  /** Paths of what was deleted, query included, the first one first. */
  readonly deleted: string[];
  stop(): void;
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Listens on a loopback address; it knows no kind and checks nothing. */
export async function answeringAPI(): Promise<AnsweringAPI> {
  const authority = await certificateAuthority({ keyType: "ec" });
  const [own, client] = await Promise.all([
    serverCertificate(authority, { commonName: "api", names: ["127.0.0.1"] }),
    kubernetesAdminCertificate(authority, 3600),
  ]);
  const objects = new Map<string, object>();
  const deleted: string[] = [];
  const server = createServer(own, ({ method, url = "" }, response) => {
    const [path = ""] = url.split("?");
    const found = objects.get(path);
    if (method === "DELETE" && objects.delete(path)) deleted.push(url);
    response.writeHead(found ? 200 : 404).end(JSON.stringify(found ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cluster = {
    server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    "certificate-authority-data": base64(authority.cert),
  };
  const user = {
    "client-certificate-data": base64(client.cert),
    "client-key-data": base64(client.key),
  };
  const kubeconfig = JSON.stringify({
    clusters: [{ name: "c", cluster }],
    contexts: [{ name: "u@c", context: { cluster: "c", user: "u" } }],
    users: [{ name: "u", user }],
    "current-context": "u@c",
  });
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { kubeconfig, objects, deleted, stop };
}
