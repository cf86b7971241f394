import { parse } from "yaml";

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
  const config = parse(kubeconfig) as Entry | null;
  const context = named(config, "contexts", "context", config?.["current-context"]);
  const cluster = named(config, "clusters", "cluster", context?.["cluster"]);
  const user = named(config, "users", "user", context?.["user"]);
  if (!cluster || !user || !holdsOnly(cluster, CLUSTER_KEYS) || !holdsOnly(user, USER_KEYS)) {
    return undefined;
  }
  const server = cluster["server"];
  if (typeof server !== "string" || !server.startsWith("https://")) return undefined;
  const pem = (data: unknown) =>
    data ? Buffer.from(String(data), "base64").toString() : undefined;
  return withoutUndefined({
    server,
    ca: pem(cluster["certificate-authority-data"]),
    cert: pem(user["client-certificate-data"]),
    key: pem(user["client-key-data"]),
    token: user["token"] as string | undefined,
  });
}

function named(config: Entry | null, list: string, key: string, name: unknown): Entry | undefined {
  const entries = config?.[list] as readonly Entry[] | undefined;
  return entries?.find((entry) => entry["name"] === name)?.[key] as Entry | undefined;
}

function holdsOnly(entry: Entry, keys: readonly string[]): boolean {
  return Object.entries(entry).every(
    ([key, value]) => keys.includes(key) && typeof value === "string",
  );
}

function withoutUndefined(access: { [K in keyof PlainAccess]: PlainAccess[K] | undefined }) {
  const given = Object.entries(access).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as PlainAccess;
}
