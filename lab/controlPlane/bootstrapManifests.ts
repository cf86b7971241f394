import { serviceAddresses } from "./addresses";
import type { ClusterSettings } from "./clusterSettings";
import { coreDNSManifests } from "./coreDNS";
import { flannelManifest } from "./flannel";
import { kubeProxyObjects } from "./kubeProxy";
import type { Tree } from "./tree";

/** A Talos Manifest resource: an ID that orders it and its objects. */
export interface Manifest {
  id: string;
  objects: Tree[];
}

const RBAC = "rbac.authorization.k8s.io";
const KUBE_SYSTEM = "kube-system";

/**
 * The manifests that Talos makes itself, in no order: {@link inApplyOrder} sorts them.
 * Carries the bootstrap token: never log the objects.
 */
export function defaultManifests(settings: ClusterSettings): Manifest[] {
  return [
    { id: "00-kubelet-bootstrapping-token", objects: [bootstrapToken(settings.token)] },
    {
      id: "01-csr-node-bootstrap",
      objects: [
        bindingOfGroups(
          "system-bootstrap-node-bootstrapper",
          "system:node-bootstrapper",
          "system:bootstrappers:nodes",
          "system:nodes",
        ),
      ],
    },
    {
      id: "01-csr-approver-role-binding",
      objects: [
        bindingOfGroups(
          "system-bootstrap-approve-node-client-csr",
          "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
          "system:bootstrappers:nodes",
        ),
      ],
    },
    {
      id: "01-csr-renewal-role-binding",
      objects: [
        bindingOfGroups(
          "system-bootstrap-node-renewal",
          "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
          "system:nodes",
        ),
      ],
    },
    { id: "11-kube-config-in-cluster", objects: [kubeconfigInCluster(settings)] },
    { id: "11-talos-node-rbac-template", objects: talosNodesRole() },
    ...(settings.coreDNS.enabled
      ? coreDNSManifests(settings, serviceAddresses(settings.serviceSubnets, 10))
      : []),
    ...(settings.cni.name === "flannel" ? [flannelManifest(settings)] : []),
    ...(settings.proxy.enabled
      ? [{ id: "10-kube-proxy", objects: kubeProxyObjects(settings) }]
      : []),
    ...(settings.kubernetesTalosAPIAccess
      ? [{ id: "13-talos-service-account-crd", objects: [TALOS_SERVICE_ACCOUNT_CRD] }]
      : []),
  ];
}

/** All objects in the order in which Talos applies them: by ID, but Namespaces and CRDs first. */
export function inApplyOrder(manifests: readonly Manifest[]): Tree[] {
  const objects = [...manifests]
    .sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0))
    .flatMap((manifest) => manifest.objects);
  const named = (rank: number) =>
    objects
      .filter((object) => rankOf(object) === rank)
      .sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
  return [...named(0), ...named(1), ...objects.filter((object) => rankOf(object) === 2)];
}

function rankOf({ apiVersion, kind }: Tree): 0 | 1 | 2 {
  if (kind === "Namespace" && String(apiVersion).split("/").pop() === "v1") {
    return 0;
  }
  return kind === "CustomResourceDefinition" &&
    String(apiVersion).startsWith("apiextensions.k8s.io/")
    ? 1
    : 2;
}

function nameOf(object: Tree): string {
  return String((object.metadata as { name?: unknown } | undefined)?.name ?? "");
}

/** The API server's URL as pods with host network reach it. */
export function inClusterServer(settings: ClusterSettings): string {
  return settings.kubePrism.enabled
    ? `https://127.0.0.1:${settings.kubePrism.port}`
    : settings.endpoint;
}

function bootstrapToken(token: string): Tree {
  const [id = "", secret = ""] = token.split(".");
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `bootstrap-token-${id}`, namespace: KUBE_SYSTEM },
    type: "bootstrap.kubernetes.io/token",
    stringData: {
      "token-id": id,
      "token-secret": secret,
      "usage-bootstrap-authentication": "true",
      "auth-extra-groups": "system:bootstrappers:nodes",
    },
  };
}

function bindingOfGroups(name: string, role: string, ...groups: string[]): Tree {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: role },
    subjects: groups.map((group) => ({ apiGroup: RBAC, kind: "Group", name: group })),
  };
}

function talosNodesRole(): Tree[] {
  const name = "system:talos-nodes";
  const labels = { "kubernetes.io/bootstrapping": "rbac-defaults" };
  const binding = bindingOfGroups(name, name, "system:nodes");
  return [
    {
      ...binding,
      metadata: {
        name,
        labels,
        annotations: { "rbac.authorization.kubernetes.io/autoupdate": "true" },
      },
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: "ClusterRole",
      metadata: { name, labels },
      rules: [
        {
          apiGroups: ["discovery.k8s.io"],
          resources: ["endpointslices"],
          verbs: ["get", "list", "watch"],
        },
      ],
    },
  ];
}

function kubeconfigInCluster(settings: ClusterSettings): Tree {
  const credentials = "/var/run/secrets/kubernetes.io/serviceaccount";
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "kubeconfig-in-cluster", namespace: KUBE_SYSTEM },
    data: {
      kubeconfig: [
        "apiVersion: v1",
        "kind: Config",
        "clusters:",
        `- cluster: {certificate-authority: ${credentials}/ca.crt, server: "${inClusterServer(settings)}"}`,
        "  name: local",
        "contexts:",
        "- context: {cluster: local, user: service-account}",
        "  name: local",
        "current-context: local",
        "users:",
        "- name: service-account",
        `  user: {tokenFile: ${credentials}/token}`,
        "",
      ].join("\n"),
    },
  };
}

const TALOS_SERVICE_ACCOUNT_CRD: Tree = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "serviceaccounts.talos.dev" },
  spec: {
    group: "talos.dev",
    scope: "Namespaced",
    names: {
      kind: "ServiceAccount",
      listKind: "ServiceAccountList",
      plural: "serviceaccounts",
      singular: "serviceaccount",
      shortNames: ["tsa"],
    },
    versions: [
      {
        name: "v1alpha1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: { roles: { type: "array", items: { type: "string" } } },
              },
              status: { type: "object", properties: { failureReason: { type: "string" } } },
            },
          },
        },
      },
    ],
  },
};
