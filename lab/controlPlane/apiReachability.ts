import { isIP } from "node:net";
import type { Container, Pod } from "./pod";

/** What a pod with host network can reach from its node. */
export interface Surroundings {
  hostname: string;
  address: string;
  kubePrism: { enabled: boolean; port: number };
  kubeProxyRuns: boolean;
  /** Cluster IP of the service `kubernetes`. */
  serviceIP: string;
  /** URL. */
  clusterEndpoint: string;
  /** Addresses of all control planes; their API server listens on port 6443. */
  controlPlanes: readonly string[];
}

/**
 * Why a pod cannot reach the API server by its own configuration; undefined when it can.
 * Without `KUBERNETES_SERVICE_HOST` it goes to the cluster IP, which only kube-proxy makes work.
 */
export function apiProblem(pod: Pod, around: Surroundings): string | undefined {
  const { host, port } = configuredServer(pod) ?? { host: around.serviceIP, port: "443" };
  const place = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const failure = (reason: string) =>
    `Unable to contact k8s api-server: Get "https://${place}/api/v1/namespaces/kube-system": dial tcp ${place}: ${reason}`;
  if (host === around.serviceIP) {
    return around.kubeProxyRuns ? undefined : failure("i/o timeout");
  }
  const endpoint = new URL(around.clusterEndpoint);
  const isEndpoint =
    host === endpoint.hostname.replace(/^\[|\]$/g, "") && port === (endpoint.port || "443");
  if (isEndpoint) {
    return undefined;
  }
  const isLocal = host === "localhost" || host === "127.0.0.1" || host === "::1";
  if (isLocal && around.kubePrism.enabled && port === String(around.kubePrism.port)) {
    return undefined;
  }
  const onControlPlane =
    (isLocal && around.controlPlanes.includes(around.address)) ||
    around.controlPlanes.includes(host);
  if (onControlPlane && port === "6443") {
    return undefined;
  }
  if (isLocal || isIP(host) !== 0) {
    return failure(isLocal ? "connect: connection refused" : "connect: no route to host");
  }
  return `Unable to contact k8s api-server: dial tcp: lookup ${host}: no such host`;
}

function configuredServer(pod: Pod): { host: string; port: string } | undefined {
  const containers: Container[] = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  for (const { env = [] } of containers) {
    const valueOf = (name: string) => env.find((entry) => entry.name === name)?.value;
    const host = valueOf("KUBERNETES_SERVICE_HOST");
    if (host !== undefined && host !== "") {
      return { host, port: valueOf("KUBERNETES_SERVICE_PORT") ?? "443" };
    }
  }
  return undefined;
}
