import * as pulumi from "@pulumi/pulumi";
import {
  isOfType,
  registerModule,
  registeredProperties,
  resourceOptions,
  type ResourceDescription,
} from "../resource";
import type * as inputs from "../types/input";
import type * as outputs from "../types/output";

export interface ConfigurationApplyArgs {
  /**
   * One of `auto`, `reboot`, `no_reboot`, `staged`, `staged_if_needing_reboot`.
   *
   * @default "auto"
   */
  applyMode?: pulumi.Input<string>;
  /** Either this or `clientConfigurationWo`. */
  clientConfiguration?: pulumi.Input<inputs.machine.ClientConfiguration>;
  /** As `clientConfiguration`, but not kept in state. Secret. */
  clientConfigurationWo?: pulumi.Input<inputs.machine.ClientConfiguration>;
  /** Patches in YAML, applied in this order. The schema does not mark them as secret. */
  configPatches?: pulumi.Input<pulumi.Input<string>[]>;
  /** Where the Talos API is reached, with an optional port. @default the node */
  endpoint?: pulumi.Input<string>;
  /** Either this or `machineConfigurationInputWo`. Secret. */
  machineConfigurationInput?: pulumi.Input<string>;
  /** As `machineConfigurationInput`, but not kept in state. Secret. */
  machineConfigurationInputWo?: pulumi.Input<string>;
  /** The machine's address, without a port. A change configures the other machine and forgets this one. */
  node: pulumi.Input<string>;
  /** What happens to the machine on deletion; without it nothing. Literals only. */
  onDestroy?: pulumi.Input<inputs.machine.ConfigurationApplyOnDestroy>;
  timeouts?: pulumi.Input<inputs.machine.Timeout>;
}

export interface ConfigurationApplyState extends Partial<ConfigurationApplyArgs> {
  machineConfiguration?: pulumi.Input<string>;
  machineConfigurationHash?: pulumi.Input<string>;
  resolvedApplyMode?: pulumi.Input<string>;
}

const description: ResourceDescription = {
  inputs: [
    "applyMode",
    "clientConfiguration",
    "clientConfigurationWo",
    "configPatches",
    "endpoint",
    "machineConfigurationInput",
    "machineConfigurationInputWo",
    "node",
    "onDestroy",
    "timeouts",
  ],
  requiredInputs: ["node"],
  secretInputs: [
    "clientConfigurationWo",
    "machineConfigurationInput",
    "machineConfigurationInputWo",
  ],
  computed: ["machineConfiguration", "machineConfigurationHash", "resolvedApplyMode"],
  secretOutputs: [
    "clientConfigurationWo",
    "machineConfiguration",
    "machineConfigurationInput",
    "machineConfigurationInputWo",
  ],
};

/** A configuration on a machine. Patches are applied locally; drift is not seen. */
export class ConfigurationApply extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "talos:machine/configurationApply:ConfigurationApply";

  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: ConfigurationApplyState,
    opts?: pulumi.CustomResourceOptions,
  ): ConfigurationApply {
    return new ConfigurationApply(name, state as ConfigurationApplyArgs, { ...opts, id });
  }

  public static override isInstance(obj: unknown): obj is ConfigurationApply {
    return isOfType(obj, ConfigurationApply.__pulumiType);
  }

  declare public readonly applyMode: pulumi.Output<string>;
  declare public readonly clientConfiguration: pulumi.Output<
    outputs.machine.ClientConfiguration | undefined
  >;
  declare public readonly clientConfigurationWo: pulumi.Output<
    outputs.machine.ClientConfiguration | undefined
  >;
  declare public readonly configPatches: pulumi.Output<string[] | undefined>;
  declare public readonly endpoint: pulumi.Output<string>;
  /** The configuration with the patches in it. Secret. */
  declare public readonly machineConfiguration: pulumi.Output<string>;
  /** SHA-256 in hexadecimal. */
  declare public readonly machineConfigurationHash: pulumi.Output<string>;
  declare public readonly machineConfigurationInput: pulumi.Output<string | undefined>;
  declare public readonly machineConfigurationInputWo: pulumi.Output<string | undefined>;
  declare public readonly node: pulumi.Output<string>;
  declare public readonly onDestroy: pulumi.Output<
    outputs.machine.ConfigurationApplyOnDestroy | undefined
  >;
  /** What `staged_if_needing_reboot` came to; else the mode itself. */
  declare public readonly resolvedApplyMode: pulumi.Output<string>;
  declare public readonly timeouts: pulumi.Output<outputs.machine.Timeout | undefined>;

  constructor(name: string, args: ConfigurationApplyArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      ConfigurationApply.__pulumiType,
      name,
      registeredProperties(description, args, opts),
      resourceOptions(description, opts),
    );
  }
}

registerModule("machine/configurationApply", ConfigurationApply.__pulumiType, (name, urn) => {
  return new ConfigurationApply(name, undefined as never, { urn });
});
