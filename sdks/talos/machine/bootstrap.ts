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

export interface BootstrapArgs {
  /** Either this or `clientConfigurationWo`. */
  clientConfiguration?: pulumi.Input<inputs.machine.ClientConfiguration>;
  /** As `clientConfiguration`, but not kept in state. Secret. */
  clientConfigurationWo?: pulumi.Input<inputs.machine.ClientConfiguration>;
  /** Where the Talos API is reached, with an optional port. @default the node */
  endpoint?: pulumi.Input<string>;
  /** The control plane that starts etcd, without a port. A change bootstraps nothing. */
  node: pulumi.Input<string>;
  timeouts?: pulumi.Input<inputs.machine.BootstrapTimeouts>;
}

export type BootstrapState = Partial<BootstrapArgs>;

const description: ResourceDescription = {
  inputs: ["clientConfiguration", "clientConfigurationWo", "endpoint", "node", "timeouts"],
  requiredInputs: ["node"],
  secretInputs: ["clientConfigurationWo"],
  computed: [],
  secretOutputs: ["clientConfigurationWo"],
};

/** The one call that starts etcd. A second one is retried until `timeouts.create` and then fails. */
export class Bootstrap extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "talos:machine/bootstrap:Bootstrap";

  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: BootstrapState,
    opts?: pulumi.CustomResourceOptions,
  ): Bootstrap {
    return new Bootstrap(name, state as BootstrapArgs, { ...opts, id });
  }

  public static override isInstance(obj: unknown): obj is Bootstrap {
    return isOfType(obj, Bootstrap.__pulumiType);
  }

  declare public readonly clientConfiguration: pulumi.Output<
    outputs.machine.ClientConfiguration | undefined
  >;
  declare public readonly clientConfigurationWo: pulumi.Output<
    outputs.machine.ClientConfiguration | undefined
  >;
  declare public readonly endpoint: pulumi.Output<string>;
  declare public readonly node: pulumi.Output<string>;
  declare public readonly timeouts: pulumi.Output<outputs.machine.BootstrapTimeouts | undefined>;

  constructor(name: string, args: BootstrapArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      Bootstrap.__pulumiType,
      name,
      registeredProperties(description, args, opts),
      resourceOptions(description, opts),
    );
  }
}

registerModule("machine/bootstrap", Bootstrap.__pulumiType, (name, urn) => {
  return new Bootstrap(name, undefined as never, { urn });
});
