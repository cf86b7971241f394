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

export interface KubeconfigArgs {
  /** Go duration: how long before the client certificate ends it is renewed. @default "720h" */
  certificateRenewalDuration?: pulumi.Input<string>;
  clientConfiguration: pulumi.Input<inputs.machine.ClientConfiguration>;
  /** Where the Talos API is reached, with an optional port. @default the node */
  endpoint?: pulumi.Input<string>;
  /** A control plane, without a port. */
  node: pulumi.Input<string>;
  timeouts?: pulumi.Input<inputs.cluster.KubeconfigTimeouts>;
}

export interface KubeconfigState extends Partial<KubeconfigArgs> {
  kubeconfigRaw?: pulumi.Input<string>;
  kubernetesClientConfiguration?: pulumi.Input<outputs.cluster.KubeconfigKubernetesClientConfiguration>;
}

const description: ResourceDescription = {
  inputs: ["certificateRenewalDuration", "clientConfiguration", "endpoint", "node", "timeouts"],
  requiredInputs: ["clientConfiguration", "node"],
  secretInputs: [],
  computed: ["kubeconfigRaw", "kubernetesClientConfiguration"],
  secretOutputs: ["kubeconfigRaw"],
};

/** The cluster's admin kubeconfig. A node hands it out before its API server serves. */
export class Kubeconfig extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "talos:cluster/kubeconfig:Kubeconfig";

  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: KubeconfigState,
    opts?: pulumi.CustomResourceOptions,
  ): Kubeconfig {
    return new Kubeconfig(name, state as KubeconfigArgs, { ...opts, id });
  }

  public static override isInstance(obj: unknown): obj is Kubeconfig {
    return isOfType(obj, Kubeconfig.__pulumiType);
  }

  declare public readonly certificateRenewalDuration: pulumi.Output<string>;
  declare public readonly clientConfiguration: pulumi.Output<outputs.machine.ClientConfiguration>;
  declare public readonly endpoint: pulumi.Output<string>;
  /** YAML. Secret. */
  declare public readonly kubeconfigRaw: pulumi.Output<string>;
  declare public readonly kubernetesClientConfiguration: pulumi.Output<outputs.cluster.KubeconfigKubernetesClientConfiguration>;
  declare public readonly node: pulumi.Output<string>;
  declare public readonly timeouts: pulumi.Output<outputs.cluster.KubeconfigTimeouts | undefined>;

  constructor(name: string, args: KubeconfigArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      Kubeconfig.__pulumiType,
      name,
      registeredProperties(description, args, opts),
      resourceOptions(description, opts),
    );
  }
}

registerModule("cluster/kubeconfig", Kubeconfig.__pulumiType, (name, urn) => {
  return new Kubeconfig(name, undefined as never, { urn });
});
