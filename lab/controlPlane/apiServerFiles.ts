import type { ClusterSettings } from "./clusterSettings";

/** User name of the virtual kubelets, as the audit log shows it. */
export const KUBELETS_USER = "lab:kubelets";
/** User name of the stand-in of Cilium's operator, as the audit log shows it. */
export const OPERATOR_USER = "lab:cilium-operator-stand-in";

/** Secrets are encrypted as Talos has it: secretbox with the key name `key2`, then identity. */
export function encryptionConfig(
  settings: Pick<ClusterSettings, "secretboxEncryptionSecret" | "aescbcEncryptionSecret">,
): object {
  const { secretboxEncryptionSecret, aescbcEncryptionSecret } = settings;
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "EncryptionConfiguration",
    resources: [
      {
        resources: ["secrets"],
        providers: [
          ...(secretboxEncryptionSecret === undefined
            ? []
            : [{ secretbox: { keys: [{ name: "key2", secret: secretboxEncryptionSecret }] } }]),
          ...(aescbcEncryptionSecret === undefined
            ? []
            : [{ aescbc: { keys: [{ name: "key1", secret: aescbcEncryptionSecret }] } }]),
          { identity: {} },
        ],
      },
    ],
  };
}

/** Admission plug-in configuration of the machine configuration, in the API server's own form. */
export function admissionConfig(settings: Pick<ClusterSettings, "apiServer">): object {
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AdmissionConfiguration",
    plugins: settings.apiServer.admissionControl.map(({ name, configuration }) => ({
      name,
      configuration,
    })),
  };
}

/** The authorizers that Talos names by default. */
export const AUTHORIZATION_CONFIG = {
  apiVersion: "apiserver.config.k8s.io/v1",
  kind: "AuthorizationConfiguration",
  authorizers: [
    { type: "Node", name: "node" },
    { type: "RBAC", name: "rbac" },
  ],
};

/** Changes only, without the heartbeats: the lab counts who changed something. */
export const AUDIT_POLICY = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived", "ResponseStarted"],
  rules: [
    { level: "None", verbs: ["get", "list", "watch"] },
    {
      level: "None",
      users: [
        "system:kube-controller-manager",
        "system:kube-scheduler",
        "system:apiserver",
        KUBELETS_USER,
        OPERATOR_USER,
      ],
      resources: [{ group: "coordination.k8s.io", resources: ["leases"] }],
    },
    { level: "Metadata" },
  ],
};
