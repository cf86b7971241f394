import type { Attributes } from "./attributes";
import type { FunctionDefinition } from "./definition";
import { TerraformError } from "./diagnostics";
import { clientConfigurationAttribute, timeoutsAttribute } from "./sharedAttributes";

const attributes: Attributes = {
  id: { type: "string", computed: true },
  endpoints: { type: "list", element: "string", required: true },
  controlPlaneNodes: { type: "list", element: "string", required: true },
  workerNodes: { type: "list", element: "string", optional: true },
  skipKubernetesChecks: { type: "bool", optional: true },
  clientConfiguration: clientConfigurationAttribute({ required: true }),
  timeouts: timeoutsAttribute("read"),
};

export const getHealthFunction: FunctionDefinition = {
  token: "talos:cluster/getHealth:getHealth",
  terraformName: "talos_cluster_health",
  attributes,
  read: () => Promise.reject(new TerraformError("cluster health check failed", "not yet")),
};
