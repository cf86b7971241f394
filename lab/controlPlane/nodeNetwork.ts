import * as ipaddr from "ipaddr.js";
import { addressAt } from "./addresses";
import type { CNIRole, NodeFacts } from "./clusterFacts";
import { isNotFound, type KubernetesApi, type KubernetesObject } from "./kubernetesApi";
import type { PodRole } from "./pod";
import { stringRecord } from "./tree";
import { pause } from "./watchList";

const RETRY_MS = 300;
const KUBE_SYSTEM = "/api/v1/namespaces/kube-system";
const NODE_CONFIGS = "/apis/cilium.io/v2/namespaces/kube-system/ciliumnodeconfigs";

/** A CiliumNodeConfig, as far as it is read here. */
export interface CiliumNodeConfig {
  spec?: { nodeSelector?: { matchLabels?: Record<string, string> }; defaults?: object };
}

/** What an agent goes by: `cilium-config`, and what CiliumNodeConfigs say of its node. */
export function agentSettings(
  config: Record<string, string>,
  nodeConfigs: readonly CiliumNodeConfig[],
  labels: Record<string, string>,
): Record<string, string> {
  const selecting = nodeConfigs.filter(({ spec }) =>
    Object.entries(spec?.nodeSelector?.matchLabels ?? {}).every(
      ([key, value]) => labels[key] === value,
    ),
  );
  return Object.assign({}, config, ...selecting.map(({ spec }) => stringRecord(spec?.defaults)));
}

/** Reads them as the agent's first init container does, once for its life. */
async function readAgentSettings(
  api: KubernetesApi,
  hostname: string,
): Promise<Record<string, string>> {
  const get = <T>(path: string) =>
    api.get<T>(path).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  const [config, nodeConfigs, node] = await Promise.all([
    get<{ data?: Record<string, string> }>(`${KUBE_SYSTEM}/configmaps/cilium-config`),
    get<{ items: CiliumNodeConfig[] }>(NODE_CONFIGS),
    get<KubernetesObject>(`/api/v1/nodes/${hostname}`),
  ]);
  return agentSettings(config?.data ?? {}, nodeConfigs?.items ?? [], node?.metadata.labels ?? {});
}

/** The same, again and again until the API server answers; nothing when `signal` came first. */
export async function untilAgentSettings(
  api: KubernetesApi,
  hostname: string,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  while (!signal.aborted) {
    try {
      return await readAgentSettings(api, hostname);
    } catch {
      await pause(RETRY_MS, signal);
    }
  }
  return {};
}

/** Whose CNI configuration the runtime takes when a CNI's pod gets ready: the first by file name. */
export function cniAfter(
  current: NodeFacts["cni"],
  role: PodRole,
  settings: Record<string, string>,
): NodeFacts["cni"] {
  // 05-cilium.conflist comes before all others, which it also renames.
  if (role === "cilium-agent") return settings["custom-cni-conf"] === "true" ? current : role;
  return isCNI(role) ? (current ?? role) : current;
}

/** A CNI's pod got ready: its configuration may lie on the node from now on. */
export function noteReadyCNI(
  host: NodeFacts,
  role: CNIRole,
  settings: Record<string, string>,
): void {
  if (role === "cilium-agent") {
    host.ciliumAgent = "ready";
    host.ciliumPool = settings["cluster-pool-ipv4-cidr"]?.split(" ")[0];
  }
  host.runningCNIs.add(role);
  host.cni = cniAfter(host.cni, role, settings);
}

export function isCNI(role: PodRole): role is CNIRole {
  return role === "cilium-agent" || role === "flannel" || role === "cni";
}

/** Whether the CNI whose configuration lies on the node runs there, so that pods get a network. */
export function hasNetwork(host: NodeFacts): boolean {
  return host.cni !== undefined && host.runningCNIs.has(host.cni) && networkOf(host) !== undefined;
}

/** The network that new pods of a node get their addresses from; undefined while there is none. */
export function networkOf({ cni, ciliumPool, podCIDR }: NodeFacts): string | undefined {
  return cni === "cilium-agent" && ciliumPool !== undefined && podCIDR !== undefined
    ? inPool(ciliumPool, podCIDR)
    : podCIDR;
}

/** A node's pod network, for those who watch. */
export interface NodeNetwork {
  readonly hostname: string;
  readonly isReady: boolean;
  /** Whose CNI configuration lies on the node. */
  readonly cni: CNIRole | undefined;
  /** Whether that CNI runs there, so that a new pod gets a network. */
  readonly serves: boolean;
  readonly kubeProxyRuns: boolean;
}

export function nodeNetworks(hosts: readonly NodeFacts[]): NodeNetwork[] {
  return hosts.map((host) => ({
    hostname: host.node.hostname,
    ...{ isReady: host.isReady, cni: host.cni, kubeProxyRuns: host.kubeProxyRuns },
    serves: hasNetwork(host),
  }));
}

/** The part of a pool that a node has: the one at the place that its own network has in Talos'. */
function inPool(pool: string, podCIDR: string): string {
  const [network] = ipaddr.parseCIDR(podCIDR);
  const place = network.toByteArray().at(-2) ?? 0;
  return `${addressAt(pool, place * 256)}/24`;
}
