import { parse } from "yaml";

import { currentOf, type Kubeconfig } from "../kubeconfig";

/** How to reach an API server, and as whom. PEM and token are secret. */
export interface PlainAccess {
  /** Address, as in the kubeconfig. */
  readonly server: string;
  /** PEM. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
}

type Entry = Readonly<Record<string, unknown>>;

/** Keys that are read here; with any other one, a kubeconfig is for a library to read. */
const CLUSTER_KEYS = ["server", "certificate-authority-data"];
const USER_KEYS = ["client-certificate-data", "client-key-data", "token"];

/**
 * What a kubeconfig of the plain kind says in its current context: an address, and certificates or a
 * token in the text itself, as Talos and most others give them. Pure.
 *
 * @returns undefined where it holds anything else: files, a plugin to run, a proxy, another name in
 *   the certificate
 */
export function plainAccess(kubeconfig: string): PlainAccess | undefined {
  const current = currentOf((parse(kubeconfig) ?? {}) as Kubeconfig);
  const cluster: Entry | undefined = current.cluster?.cluster;
  const user: Entry | undefined = current.user?.user;
  if (!cluster || !user || !holdsOnly(cluster, CLUSTER_KEYS) || !holdsOnly(user, USER_KEYS)) {
    return undefined;
  }
  const server = cluster["server"];
  if (typeof server !== "string" || !server.startsWith("https://")) return undefined;
  const pem = (data: unknown) =>
    data ? Buffer.from(String(data), "base64").toString() : undefined;
  return {
    server,
    ca: pem(cluster["certificate-authority-data"]),
    cert: pem(user["client-certificate-data"]),
    key: pem(user["client-key-data"]),
    token: user["token"] as string | undefined,
  };
}

function holdsOnly(entry: Entry, keys: readonly string[]): boolean {
  return Object.entries(entry).every(
    ([key, value]) => keys.includes(key) && typeof value === "string",
  );
}
