import * as pulumi from "@pulumi/pulumi";
import {
  isOfType,
  registerModule,
  registeredProperties,
  resourceOptions,
  type ResourceDescription,
} from "../resource";

export interface SchematicArgs {
  /** YAML. @default the empty schematic */
  schematic?: pulumi.Input<string>;
}

export type SchematicState = SchematicArgs;

const description: ResourceDescription = {
  inputs: ["schematic"],
  requiredInputs: [],
  secretInputs: [],
  computed: [],
  secretOutputs: [],
};

/** A schematic that Image Factory builds images from; the resource's id is the schematic's. */
export class Schematic extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "talos:imageFactory/schematic:Schematic";

  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: SchematicState,
    opts?: pulumi.CustomResourceOptions,
  ): Schematic {
    return new Schematic(name, state, { ...opts, id });
  }

  public static override isInstance(obj: unknown): obj is Schematic {
    return isOfType(obj, Schematic.__pulumiType);
  }

  declare public readonly schematic: pulumi.Output<string | undefined>;

  constructor(name: string, args?: SchematicArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      Schematic.__pulumiType,
      name,
      registeredProperties(description, args, opts),
      resourceOptions(description, opts),
    );
  }
}

registerModule("imageFactory/schematic", Schematic.__pulumiType, (name, urn) => {
  return new Schematic(name, undefined, { urn });
});
