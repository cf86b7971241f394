import type { MockOptions } from "./mocks";

export const CLUSTER_ID = "cluster-id-of-the-mocks";

/** As JSON, which is YAML: enough of a kubeconfig to be one. */
export const KUBECONFIG = JSON.stringify({
  clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:9" } }],
  contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  users: [{ name: "u", user: {} }],
  "current-context": "x",
});

export const MACHINE_SECRETS = {
  machineSecrets: { cluster: { id: CLUSTER_ID, secret: "s" } },
  clientConfiguration: { caCertificate: "ca", clientCertificate: "c", clientKey: "k" },
};

/** What the talos provider would answer, in the least that the components go on with. */
export const clusterMocks: MockOptions = {
  outputs: ({ type, inputs }) => {
    switch (type) {
      case "talos:machine/secrets:Secrets":
        return MACHINE_SECRETS;
      case "talos:cluster/kubeconfig:Kubeconfig":
        return { kubeconfigRaw: KUBECONFIG };
      case "talos:machine/configurationApply:ConfigurationApply":
        return { machineConfiguration: inputs["machineConfigurationInput"] };
      case "pulumi:pulumi:StackReference":
        return { outputs: MACHINE_SECRETS, secretOutputNames: Object.keys(MACHINE_SECRETS) };
      default:
        return undefined;
    }
  },
  calls: ({ token, inputs }) =>
    token.startsWith("talos:machine/getConfiguration")
      ? { machineConfiguration: `type: ${inputs["machineType"]}` }
      : { talosConfig: "context: c" },
};
