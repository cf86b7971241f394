import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { parseGoYaml } from "./goYaml";
import { isRecord } from "./plain";

/** The parts of a kubeconfig that choose and describe one connection. Names are the file's own. */
export interface Kubeconfig {
  currentContext: string;
  contexts: Map<string, Record<string, unknown>>;
  clusters: Map<string, Record<string, unknown>>;
  users: Map<string, Record<string, unknown>>;
}

/** What a provider's arguments put over the kubeconfig's own choice. */
export interface Overrides {
  context?: string;
  cluster?: string;
  namespace?: string;
}

/** Where to connect and as whom. */
export interface Connection {
  server: string;
  cluster: Record<string, unknown>;
  user: Record<string, unknown>;
  namespace: string;
}

const empty = (): Kubeconfig => ({
  currentContext: "",
  contexts: new Map(),
  clusters: new Map(),
  users: new Map(),
});

/**
 * Reads a kubeconfig given as text or as the path of a file.
 * @throws in the words of Kubernetes' own client where the text is no kubeconfig
 */
export function parseKubeconfig(pathOrContents: string): Kubeconfig {
  if (pathOrContents === "") return empty();
  const expanded = pathOrContents.replace(/^~(?=$|\/)/, homedir());
  // A long text is no path; the file system would refuse to look it up.
  const isPath = !expanded.includes("\n") && expanded.length < 4096 && existsSync(expanded);
  const document = parseGoYaml(isPath ? readFileSync(expanded, "utf8") : expanded);
  if (document === null) return empty();
  if (!isRecord(document)) {
    const kind = Array.isArray(document) ? "array" : typeof document;
    throw new Error(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${kind} into Go value of type struct ` +
        '{ APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
    );
  }
  return {
    currentContext: textOf(document["current-context"]),
    contexts: named(document.contexts, "context"),
    clusters: named(document.clusters, "cluster"),
    users: named(document.users, "user"),
  };
}

/** The kubeconfig that a provider without one uses: `KUBECONFIG`, then `~/.kube/config`. */
export function ambientKubeconfig(environment: NodeJS.ProcessEnv = process.env): Kubeconfig {
  const files = environment.KUBECONFIG
    ? environment.KUBECONFIG.split(path.delimiter).filter((file) => file !== "")
    : [path.join(homedir(), ".kube", "config")];
  const merged = empty();
  for (const file of files.filter((candidate) => existsSync(candidate))) {
    const one = parseKubeconfig(file);
    merged.currentContext ||= one.currentContext;
    for (const part of ["contexts", "clusters", "users"] as const) {
      for (const [name, value] of one[part]) {
        if (!merged[part].has(name)) merged[part].set(name, value);
      }
    }
  }
  return merged;
}

function named(list: unknown, key: string): Map<string, Record<string, unknown>> {
  const result = new Map<string, Record<string, unknown>>();
  for (const item of Array.isArray(list) ? list : []) {
    if (isRecord(item) && isRecord(item[key])) result.set(textOf(item.name), item[key]);
  }
  return result;
}

/**
 * Chooses cluster and user.
 * @throws with every problem, in the words of Kubernetes' own client
 */
export function connectionOf(config: Kubeconfig, overrides: Overrides): Connection {
  const contextName = overrides.context || config.currentContext;
  const context = config.contexts.get(contextName) ?? {};
  const clusterName = overrides.cluster || textOf(context.cluster);
  const cluster = config.clusters.get(clusterName) ?? {};
  const user = config.users.get(textOf(context.user)) ?? {};
  const problems: string[] = [];
  if (contextName !== "" && !config.contexts.has(contextName)) {
    problems.push(`context was not found for specified context: ${contextName}`);
  }
  const noCluster = Object.keys(cluster).length === 0;
  if (noCluster) problems.push("cluster has no server defined");
  else if (!textOf(cluster.server)) problems.push(`no server found for cluster "${clusterName}"`);
  if (noCluster && problems.length === 1) {
    problems[0] =
      "no configuration has been provided, try setting KUBERNETES_MASTER environment variable";
  }
  if (problems.length > 0) {
    const list = problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`;
    throw new Error(`invalid configuration: ${list}`);
  }
  return {
    server: textOf(cluster.server).replace(/\/$/, ""),
    cluster,
    user,
    namespace: overrides.namespace || textOf(context.namespace) || "default",
  };
}

/** The cluster that a provider's arguments point at; undefined where it cannot be told. */
export function activeCluster(
  config: Kubeconfig,
  overrides: Overrides,
): Record<string, unknown> | undefined {
  const context = config.contexts.get(overrides.context ?? config.currentContext);
  if (!context) return undefined;
  return config.clusters.get(overrides.cluster ?? textOf(context.cluster));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
