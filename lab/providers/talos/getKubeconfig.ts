import { stringOf, type Attributes } from "./attributes";
import type { FunctionDefinition } from "./definition";
import { fetchKubeconfig } from "./kubeconfig";
import {
  clientConfigurationAttribute,
  kubernetesClientConfigurationFields,
  timeoutsAttribute,
} from "./sharedAttributes";

const attributes: Attributes = {
  id: { type: "string", computed: true },
  node: { type: "string", required: true },
  endpoint: { type: "string", optional: true, computed: true },
  clientConfiguration: clientConfigurationAttribute({ required: true }),
  wait: {
    type: "bool",
    optional: true,
    deprecation:
      "This attribute is deprecated and no-op. Will be removed in a future version. Use talos_cluster_health instead.",
  },
  kubeconfigRaw: { type: "string", computed: true, sensitive: true },
  kubernetesClientConfiguration: {
    type: "object",
    computed: true,
    attributes: kubernetesClientConfigurationFields,
  },
  timeouts: timeoutsAttribute("read"),
};

/** `talos:cluster/getKubeconfig` (deprecated upstream): an admin's kubeconfig, a new one by each call. */
export const getKubeconfigFunction: FunctionDefinition = {
  token: "talos:cluster/getKubeconfig:getKubeconfig",
  terraformName: "talos_cluster_kubeconfig",
  attributes,

  async read(config, context) {
    const { clusterName, ...fields } = await fetchKubeconfig(config, "read", context);
    const endpoint = stringOf(config["endpoint"]) || stringOf(config["node"]);
    return { ...config, ...fields, endpoint, id: clusterName };
  },
};
