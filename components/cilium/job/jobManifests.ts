import type { CiliumSpec } from "../../spec";
import { type ChartValues, onRegistry } from "../../values";
import { cliArguments, cliValues } from "../cli/cliArguments";
import type { Manifest } from "../objects";
import { NAMESPACE, OWNED } from "../ownedSecret";

/** Name of the Job and of all that it needs, and of the inline manifest. */
export const JOB = "cilium-install";

const VALUES = "/values";

/**
 * A Job of Cilium's CLI for the bootstrap: its account with all rights, the values, and a pod that needs
 * neither a network nor a ready node. The image has no shell, so it can install and nothing else. Pure.
 */
export function jobManifests(cilium: CiliumSpec, values: ChartValues): Manifest[] {
  const { version = "" } = cilium.cli ?? {};
  const published = `quay.io/cilium/cilium-cli:v${version.replace(/^v/, "")}`;
  const image = cilium.cli?.image ?? onRegistry(published, cilium.imageRegistry);
  const labels = OWNED;
  const metadata = { name: JOB, namespace: NAMESPACE, labels };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: JOB, labels },
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: "cluster-admin",
      },
      subjects: [{ kind: "ServiceAccount", name: JOB, namespace: NAMESPACE }],
    },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      data: { "values.yaml": JSON.stringify(cliValues(values)) },
    },
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata,
      spec: {
        backoffLimit: 10,
        template: {
          metadata: { labels: { app: JOB } },
          spec: {
            restartPolicy: "OnFailure",
            serviceAccountName: JOB,
            hostNetwork: true,
            tolerations: [{ operator: "Exists" }],
            affinity: { nodeAffinity: ON_CONTROL_PLANES },
            containers: [
              {
                name: JOB,
                image,
                args: cliArguments("install", cilium, `${VALUES}/values.yaml`),
                // No service has an address yet: the API server of the pod's own node has one.
                env: [
                  {
                    name: "KUBERNETES_SERVICE_HOST",
                    valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "status.podIP" } },
                  },
                  { name: "KUBERNETES_SERVICE_PORT", value: "6443" },
                ],
                volumeMounts: [{ name: "values", mountPath: VALUES, readOnly: true }],
              },
            ],
            volumes: [{ name: "values", configMap: { name: JOB } }],
          },
        },
      },
    },
  ];
}

const ON_CONTROL_PLANES = {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [
      {
        matchExpressions: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }],
      },
    ],
  },
};
