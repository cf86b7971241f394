import type { CiliumSpec } from "../../spec";
import type { ChartValues } from "../../values";
import type { Manifest } from "../objects";
import { CERTIFICATE_SECRETS } from "../releaseValues";
import { chartSource } from "./chartSource";

/** Kinds that agents and operator make by the thousand. */
const MADE_BY_CILIUM = ["CiliumIdentity", "CiliumEndpoint", "CiliumEndpointSlice"];

/** What belongs into the key `resource.exclusions` of the ConfigMap `argocd-cm`: a list. */
export const RESOURCE_EXCLUSIONS = [
  { apiGroups: ["cilium.io"], kinds: MADE_BY_CILIUM, clusters: ["*"] },
];

/**
 * Argo CD's Application. It has no finalizer and prunes nothing, so that Cilium stays when it goes;
 * keys of certificates, whoever makes them, are no difference. Pure.
 */
export function argoCDApplication(cilium: CiliumSpec, values: ChartValues): Manifest {
  const { url, chart } = chartSource(cilium);
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "cilium", namespace: "argocd" },
    spec: {
      project: "default",
      source: {
        repoURL: url,
        chart,
        targetRevision: cilium.version,
        helm: { releaseName: "cilium", valuesObject: values },
      },
      destination: { server: "https://kubernetes.default.svc", namespace: "kube-system" },
      ignoreDifferences: Object.values(CERTIFICATE_SECRETS).map((name) => ({
        ...{ group: "", kind: "Secret", name, namespace: "kube-system" },
        jsonPointers: ["/data"],
      })),
      syncPolicy: {
        automated: { prune: false, selfHeal: true },
        syncOptions: ["ServerSideApply=true", "RespectIgnoreDifferences=true"],
      },
    },
  };
}
