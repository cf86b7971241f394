import * as pulumi from "@pulumi/pulumi";
import { invokeOptions, invokeOutputOptions } from "../resource";
import type * as inputs from "../types/input";
import type * as outputs from "../types/output";

export interface GetKubeconfigArgs {
  clientConfiguration: outputs.machine.ClientConfiguration;
  /** Where the Talos API is reached, with an optional port. @default the node */
  endpoint?: string;
  /** A control plane, without a port. */
  node: string;
  timeouts?: outputs.cluster.ReadTimeouts;
  /** @deprecated Does nothing. */
  wait?: boolean;
}

export interface GetKubeconfigResult {
  readonly clientConfiguration: outputs.machine.ClientConfiguration;
  readonly endpoint: string;
  readonly id: string;
  /** YAML. Secret. */
  readonly kubeconfigRaw: string;
  readonly kubernetesClientConfiguration: outputs.cluster.GetKubeconfigKubernetesClientConfiguration;
  readonly node: string;
  readonly timeouts?: outputs.cluster.ReadTimeouts;
  /** @deprecated Does nothing. */
  readonly wait?: boolean;
}

export interface GetKubeconfigOutputArgs {
  clientConfiguration: pulumi.Input<inputs.machine.ClientConfiguration>;
  endpoint?: pulumi.Input<string>;
  node: pulumi.Input<string>;
  timeouts?: pulumi.Input<inputs.cluster.ReadTimeouts>;
  /** @deprecated Does nothing. */
  wait?: pulumi.Input<boolean>;
}

const token = "talos:cluster/getKubeconfig:getKubeconfig";

function properties(args: GetKubeconfigArgs | GetKubeconfigOutputArgs): pulumi.Inputs {
  return {
    clientConfiguration: args.clientConfiguration,
    endpoint: args.endpoint,
    node: args.node,
    timeouts: args.timeouts,
    wait: args.wait,
  };
}

/** The cluster's admin kubeconfig, fetched on every run. */
export function getKubeconfig(
  args: GetKubeconfigArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetKubeconfigResult> {
  return pulumi.runtime.invoke(token, properties(args), invokeOptions(opts));
}

/** {@inheritDoc getKubeconfig} */
export function getKubeconfigOutput(
  args: GetKubeconfigOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetKubeconfigResult> {
  return pulumi.runtime.invokeOutput(token, properties(args), invokeOutputOptions(opts));
}
