import type { ConfiguredNode } from "../nodes/clusterRuntime";
import type { KubernetesApi } from "./kubernetesApi";
export async function requestServingCertificate(
  _api: KubernetesApi,
  _node: ConfiguredNode,
): Promise<void> {}
