import type { GenerateParams, MachineSecretsData } from "../../machinery";
import { isUnknown, stringOf, stringsOf, type Attributes } from "./attributes";
import type { FunctionDefinition } from "./definition";
import { checkedInputs, inProviderWords } from "./secrets";
import { machineSecretsFields } from "./sharedAttributes";
import { lengthAtLeast, oneOf } from "./validate";

const attributes: Attributes = {
  id: { type: "string", computed: true },
  clusterName: { type: "string", required: true, validators: [lengthAtLeast(1)] },
  clusterEndpoint: { type: "string", required: true },
  machineSecrets: {
    type: "object",
    required: true,
    attributes: machineSecretsFields({ required: true }),
  },
  machineType: { type: "string", required: true, validators: [oneOf("controlplane", "worker")] },
  configPatches: { type: "list", element: "string", optional: true },
  kubernetesVersion: { type: "string", optional: true },
  talosVersion: { type: "string", optional: true },
  docs: { type: "bool", optional: true },
  examples: { type: "bool", optional: true },
  machineConfiguration: { type: "string", computed: true, sensitive: true },
};

/** `talos:machine/getConfiguration`: a machine configuration, generated and patched here and not validated. */
export const getConfigurationFunction: FunctionDefinition = {
  token: "talos:machine/getConfiguration:getConfiguration",
  terraformName: "talos_machine_configuration",
  attributes,

  validate({ clusterEndpoint, configPatches, talosVersion }, { machinery }) {
    const patches = Array.isArray(configPatches) ? configPatches : [];
    const loadable = !patches.some((patch) => patch === null || isUnknown(patch));
    return checkedInputs(
      machinery.call("checkInputs", {
        ...(typeof clusterEndpoint === "string" && { clusterEndpoint }),
        ...(typeof talosVersion === "string" && { talosVersion }),
        configPatches: loadable ? patches : [],
      }),
    );
  },

  async read(config, { machinery }) {
    const params: GenerateParams = {
      clusterName: stringOf(config["clusterName"]),
      clusterEndpoint: stringOf(config["clusterEndpoint"]),
      machineType: stringOf(config["machineType"]),
      machineSecrets: config["machineSecrets"] as unknown as MachineSecretsData,
      configPatches: stringsOf(config["configPatches"]),
      docs: config["docs"] === true,
      examples: config["examples"] === true,
      ...(typeof config["kubernetesVersion"] === "string" && {
        kubernetesVersion: config["kubernetesVersion"],
      }),
      ...(typeof config["talosVersion"] === "string" && { talosVersion: config["talosVersion"] }),
    };
    const generated = await inProviderWords(machinery.generate(params));
    return { ...config, ...generated, id: params.clusterName };
  },
};
