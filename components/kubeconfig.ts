import { parse, parseDocument } from "yaml";

/** What is read of a kubeconfig. */
export interface Kubeconfig {
  readonly clusters?: readonly { name?: string; cluster?: { server?: string } }[];
  readonly contexts?: readonly { name?: string; context?: { cluster?: string; user?: string } }[];
  readonly users?: readonly { name?: string }[];
  readonly "current-context"?: string;
}

/**
 * Returns the kubeconfig as it came when a client can use it.
 *
 * @throws a message without any of its content, which is secret.
 */
export function assertKubeconfig(text: string): string {
  const problem = kubeconfigProblem(text);
  if (problem) {
    throw new Error(`the kubeconfig cannot be used: ${problem}; nothing of it was kept`);
  }
  return text;
}

/**
 * The kubeconfig with the server of its current context set to `clusterEndpoint`. The provider keeps
 * the file of the first day, so without this a moved endpoint would never reach it. Where the server
 * is the same already, the text stays as it came. Pure.
 */
export function atEndpoint(text: string, clusterEndpoint: string): string {
  const document = parseDocument(text);
  const config = document.toJS() as Kubeconfig;
  const context = config.contexts?.find(({ name }) => name === config["current-context"])?.context;
  const index = config.clusters?.findIndex(({ name }) => name === context?.cluster) ?? -1;
  const server = config.clusters?.[index]?.cluster?.server;
  if (server === undefined || isSameServer(server, clusterEndpoint)) return text;
  document.setIn(["clusters", index, "cluster", "server"], clusterEndpoint);
  return document.toString();
}

function isSameServer(one: string, other: string): boolean {
  return new URL(one).href === new URL(other).href;
}

/** What is wrong with a kubeconfig, in words that quote nothing of it. Pure. */
export function kubeconfigProblem(text: string): string | undefined {
  let config: Kubeconfig | null;
  try {
    config = parse(text) as Kubeconfig | null;
  } catch {
    return "it is not YAML";
  }
  if (config === null || typeof config !== "object") return "it is empty or no mapping";
  const current = config["current-context"];
  if (!current) return "it names no current-context";
  const context = config.contexts?.find((entry) => entry.name === current)?.context;
  if (!context) return "its current-context is not among its contexts";
  const cluster = config.clusters?.find((entry) => entry.name === context.cluster)?.cluster;
  if (!cluster?.server) return "its current context leads to no cluster with a server";
  if (!config.users?.some((entry) => entry.name === context.user)) {
    return "its current context leads to no user";
  }
  return undefined;
}
