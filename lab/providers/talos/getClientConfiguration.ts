import type { ClientConfigurationData } from "../../machinery";
import { stringOf, stringsOf, type Attributes } from "./attributes";
import type { FunctionDefinition } from "./definition";
import { inProviderWords } from "./secrets";
import { clientConfigurationAttribute } from "./sharedAttributes";
import { lengthAtLeast } from "./validate";

const attributes: Attributes = {
  id: { type: "string", computed: true },
  clusterName: { type: "string", required: true, validators: [lengthAtLeast(1)] },
  clientConfiguration: clientConfigurationAttribute({ required: true }),
  endpoints: { type: "list", element: "string", optional: true },
  nodes: { type: "list", element: "string", optional: true },
  talosConfig: { type: "string", computed: true, sensitive: true },
};

/** `talos:client/getConfiguration`: a talosconfig. */
export const getClientConfigurationFunction: FunctionDefinition = {
  token: "talos:client/getConfiguration:getConfiguration",
  terraformName: "talos_client_configuration",
  attributes,

  async read(config, { machinery }) {
    const clusterName = stringOf(config["clusterName"]);
    const talosConfig = await inProviderWords(
      machinery.talosconfig({
        clusterName,
        clientConfiguration: config["clientConfiguration"] as unknown as ClientConfigurationData,
        endpoints: stringsOf(config["endpoints"]),
        nodes: stringsOf(config["nodes"]),
      }),
    );
    return { ...config, id: clusterName, talosConfig };
  },
};
