import { parse, parseDocument } from "yaml";

type Entry = Readonly<Record<string, unknown>>;

/** What is read of a kubeconfig. */
export interface Kubeconfig {
  readonly clusters?: readonly { name?: string; cluster?: Entry & { server?: string } }[];
  readonly contexts?: readonly {
    name?: string;
    context?: Entry & { cluster?: string; user?: string };
  }[];
  readonly users?: readonly { name?: string; user?: Entry }[];
  readonly "current-context"?: string;
}

/** The current context of a kubeconfig, and the entries that it leads to. Pure. */
export function currentOf(config: Kubeconfig) {
  const { context } = config.contexts?.find(({ name }) => name === config["current-context"]) ?? {};
  const cluster = config.clusters?.find(({ name }) => name === context?.cluster);
  const user = config.users?.find(({ name }) => name === context?.user);
  return { context, cluster, user };
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
  const { cluster } = currentOf(config);
  const server = cluster?.cluster?.server;
  if (server === undefined || isSameServer(server, clusterEndpoint)) return text;
  const index = config.clusters!.indexOf(cluster!);
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
  if (!config["current-context"]) return "it names no current-context";
  const { context, cluster, user } = currentOf(config);
  if (!context) return "its current-context is not among its contexts";
  if (!cluster?.cluster?.server) return "its current context leads to no cluster with a server";
  return user ? undefined : "its current context leads to no user";
}
