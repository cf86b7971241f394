import type {
  V1CertificateSigningRequest,
  V1CustomResourceDefinition,
  V1DaemonSet,
  V1Deployment,
  V1Node,
  V1Pod,
} from "@kubernetes/client-node";

import type { ClusterApi } from "./clusterApi";

/** What the readiness gate looks at, as one moment of the cluster. */
export interface ClusterSnapshot {
  readonly nodes: readonly V1Node[];
  /** Pods of Cilium: agents, Envoy and the operator. */
  readonly pods: readonly V1Pod[];
  readonly daemonSets: readonly V1DaemonSet[];
  readonly deployments: readonly V1Deployment[];
  /** CRDs of the group `cilium.io`. */
  readonly crds: readonly V1CustomResourceDefinition[];
  /** Certificate requests that nobody has decided on. */
  readonly pendingRequests: readonly V1CertificateSigningRequest[];
}

const NAMESPACE = "kube-system";
const CILIUM_PODS = ["k8s-app=cilium", "k8s-app=cilium-envoy", "io.cilium/app=operator"];

export async function takeSnapshot(api: ClusterApi): Promise<ClusterSnapshot> {
  const pods = (selector: string) =>
    api.list<V1Pod>(
      `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=${encodeURIComponent(selector)}`,
    );
  const [nodes, podLists, daemonSets, deployments, crds, requests] = await Promise.all([
    api.list<V1Node>("/api/v1/nodes"),
    Promise.all(CILIUM_PODS.map(pods)),
    api.list<V1DaemonSet>(`/apis/apps/v1/namespaces/${NAMESPACE}/daemonsets`),
    api.list<V1Deployment>(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments`),
    api.list<V1CustomResourceDefinition>("/apis/apiextensions.k8s.io/v1/customresourcedefinitions"),
    api.list<V1CertificateSigningRequest>(
      "/apis/certificates.k8s.io/v1/certificatesigningrequests",
    ),
  ]);
  return {
    nodes,
    pods: podLists.flat(),
    daemonSets,
    deployments,
    crds: crds.filter((crd) => crd.spec.group === "cilium.io"),
    pendingRequests: requests.filter((request) => !request.status?.conditions?.length),
  };
}
