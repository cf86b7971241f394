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

export interface SecretsArgs {
  /** The configuration contract whose secrets are made, `v1.13`. @default the provider's own */
  talosVersion?: pulumi.Input<string>;
}

export interface SecretsState {
  clientConfiguration?: pulumi.Input<inputs.machine.ClientConfiguration>;
  machineSecrets?: pulumi.Input<inputs.machine.MachineSecrets>;
  talosVersion?: pulumi.Input<string>;
}

const description: ResourceDescription = {
  inputs: ["talosVersion"],
  requiredInputs: [],
  secretInputs: [],
  computed: ["clientConfiguration", "machineSecrets"],
  secretOutputs: [],
};

/** The PKI and the tokens of one cluster. Made locally; a lower `talosVersion` replaces all of them. */
export class Secrets extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "talos:machine/secrets:Secrets";

  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: SecretsState,
    opts?: pulumi.CustomResourceOptions,
  ): Secrets {
    return new Secrets(name, state as SecretsArgs, { ...opts, id });
  }

  public static override isInstance(obj: unknown): obj is Secrets {
    return isOfType(obj, Secrets.__pulumiType);
  }

  /** The client of role `os:admin`; its certificate lives a year. */
  declare public readonly clientConfiguration: pulumi.Output<outputs.machine.ClientConfiguration>;
  declare public readonly machineSecrets: pulumi.Output<outputs.machine.MachineSecrets>;
  declare public readonly talosVersion: pulumi.Output<string>;

  constructor(name: string, args?: SecretsArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      Secrets.__pulumiType,
      name,
      registeredProperties(description, args, opts),
      resourceOptions(description, opts),
    );
  }
}

registerModule("machine/secrets", Secrets.__pulumiType, (name, urn) => {
  return new Secrets(name, undefined, { urn });
});
