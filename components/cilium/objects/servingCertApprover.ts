import type { CiliumSpec } from "../../spec";
import { APPROVER_IMAGE } from "../../spec/cilium/servingCertApprover";
import { onRegistry } from "../../values";
import type { CiliumObject, Manifest } from "./ciliumObject";

const NAME = "kubelet-serving-cert-approver";
const NAMESPACE = "kube-system";
const RBAC = "rbac.authorization.k8s.io";
const LABELS = { "app.kubernetes.io/name": NAME };
const SUBJECTS = [{ kind: "ServiceAccount", name: NAME, namespace: NAMESPACE }];

/**
 * The approver of kubelets' serving certificates and what it may do. It needs no pod network and
 * bears every taint, so that it works while nodes are not ready. Pure.
 */
export function servingCertApproverObjects({
  servingCertApprover,
  imageRegistry,
}: CiliumSpec): CiliumObject[] {
  if (!servingCertApprover) return [];
  const { image } = servingCertApprover;
  const isOurs = image === APPROVER_IMAGE;
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: metadata() },
    { apiVersion: `${RBAC}/v1`, kind: "ClusterRole", metadata: { name: NAME }, rules: RULES },
    binding("ClusterRole"),
    { apiVersion: `${RBAC}/v1`, kind: "Role", metadata: metadata(), rules: LEASE_RULES },
    binding("Role"),
    deployment(isOurs ? onRegistry(image, imageRegistry) : image),
  ].map((manifest) => ({ when: "beforeRelease", manifest }));
}

const RULES = [
  rule("certificates.k8s.io", ["certificatesigningrequests"], ["get", "list", "watch"]),
  rule("certificates.k8s.io", ["certificatesigningrequests/approval"], ["update"]),
  {
    ...rule("certificates.k8s.io", ["signers"], ["approve"]),
    resourceNames: ["kubernetes.io/kubelet-serving"],
  },
  rule("authorization.k8s.io", ["subjectaccessreviews"], ["create"]),
  rule("", ["events"], ["create", "patch"]),
];

const LEASE_RULES = [rule("coordination.k8s.io", ["leases"], ["create", "get", "update", "patch"])];

function rule(apiGroup: string, resources: readonly string[], verbs: readonly string[]) {
  return { apiGroups: [apiGroup], resources, verbs };
}

function binding(kind: "ClusterRole" | "Role"): Manifest {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: `${kind}Binding`,
    metadata: kind === "Role" ? metadata() : { name: NAME },
    roleRef: { apiGroup: RBAC, kind, name: NAME },
    subjects: SUBJECTS,
  };
}

function deployment(image: string): Manifest {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    // An image that cannot be pulled is no reason to leave a cluster without a network.
    metadata: { ...metadata(), annotations: { "pulumi.com/skipAwait": "true" } },
    spec: {
      replicas: 1,
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          serviceAccountName: NAME,
          hostNetwork: true,
          priorityClassName: "system-cluster-critical",
          tolerations: [{ operator: "Exists" }],
          containers: [
            {
              name: "cert-approver",
              image,
              args: ["serve"],
              env: [
                {
                  name: "NAMESPACE",
                  valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } },
                },
              ],
              resources: { requests: { cpu: "10m", memory: "16Mi" } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                runAsUser: 65534,
                seccompProfile: { type: "RuntimeDefault" },
              },
            },
          ],
        },
      },
    },
  };
}

function metadata() {
  return { name: NAME, namespace: NAMESPACE, labels: LABELS };
}
