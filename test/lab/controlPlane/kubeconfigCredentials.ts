import { parse } from "yaml";
import type { ClientCredentials } from "../../../lab/controlPlane/pki";

interface Kubeconfig {
  clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
  users: { user: { "client-certificate-data": string; "client-key-data": string } }[];
}

/** What a client needs of a kubeconfig with one cluster and one user. */
export function kubeconfigCredentials(text: string): ClientCredentials {
  const { clusters, users } = parse(text) as Kubeconfig;
  const cluster = clusters[0]?.cluster;
  const user = users[0]?.user;
  if (cluster === undefined || user === undefined) {
    throw new Error("the kubeconfig has no cluster or no user");
  }
  const pem = (base64: string) => Buffer.from(base64, "base64").toString("utf8");
  return {
    server: cluster.server,
    ca: pem(cluster["certificate-authority-data"]),
    client: { cert: pem(user["client-certificate-data"]), key: pem(user["client-key-data"]) },
  };
}
