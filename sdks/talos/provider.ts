import * as pulumi from "@pulumi/pulumi";
import { isOfType, packageDefaults } from "./resource";

export interface ProviderArgs {
  /** @default "https://factory.talos.dev" */
  imageFactoryUrl?: pulumi.Input<string>;
}

/** An explicit instance of the talos provider; without one the package's default instance serves. */
export class Provider extends pulumi.ProviderResource {
  /** @internal */
  public static readonly __pulumiType = "talos";

  public static override isInstance(obj: unknown): obj is Provider {
    return isOfType(obj, "pulumi:providers:talos");
  }

  declare public readonly imageFactoryUrl: pulumi.Output<string | undefined>;

  constructor(name: string, args: ProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    super(
      Provider.__pulumiType,
      name,
      { imageFactoryUrl: args.imageFactoryUrl },
      pulumi.mergeOptions(packageDefaults(), opts ?? {}),
    );
  }
}

pulumi.runtime.registerResourcePackage("talos", {
  version: packageDefaults().version,
  constructProvider(name: string, type: string, urn: string): pulumi.ProviderResource {
    if (type !== "pulumi:providers:talos") throw new Error(`unknown provider type ${type}`);
    return new Provider(name, undefined, { urn } as pulumi.ResourceOptions);
  },
});
