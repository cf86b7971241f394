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
  /** Those of Gateway API, where it is there. */
  readonly gatewayClasses: readonly GatewayClass[];
  /** Certificate requests that nobody has decided on. */
  readonly pendingRequests: readonly V1CertificateSigningRequest[];
}

/** As much of it as the gate looks at. */
export interface GatewayClass {
  readonly metadata?: { readonly name?: string };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

const NAMESPACE = "kube-system";
const CILIUM_PODS = ["k8s-app=cilium", "k8s-app=cilium-envoy", "io.cilium/app=operator"];

/** @param gateways whether Gateway API is looked at. @default false */
export async function takeSnapshot(api: ClusterApi, gateways = false): Promise<ClusterSnapshot> {
  const pods = (selector: string) =>
    api.list<V1Pod>(
      `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=${encodeURIComponent(selector)}`,
    );
  const [nodes, podLists, daemonSets, deployments, crds, requests, gatewayClasses] =
    await Promise.all([
      api.list<V1Node>("/api/v1/nodes"),
      Promise.all(CILIUM_PODS.map(pods)),
      api.list<V1DaemonSet>(`/apis/apps/v1/namespaces/${NAMESPACE}/daemonsets`),
      api.list<V1Deployment>(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments`),
      api.list<V1CustomResourceDefinition>(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
      ),
      api.list<V1CertificateSigningRequest>(
        "/apis/certificates.k8s.io/v1/certificatesigningrequests",
      ),
      gateways ? api.list<GatewayClass>("/apis/gateway.networking.k8s.io/v1/gatewayclasses") : [],
    ]);
  return {
    nodes,
    pods: podLists.flat(),
    daemonSets,
    deployments,
    crds: crds.filter((crd) => crd.spec.group === "cilium.io"),
    gatewayClasses,
    pendingRequests: requests.filter((request) => !request.status?.conditions?.length),
  };
}
