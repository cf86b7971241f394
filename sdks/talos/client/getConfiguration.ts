import * as pulumi from "@pulumi/pulumi";
import { invokeOptions, invokeOutputOptions } from "../resource";
import type * as inputs from "../types/input";
import type * as outputs from "../types/output";

export interface GetConfigurationArgs {
  clientConfiguration: outputs.machine.ClientConfiguration;
  /** The name of the context in the talosconfig. */
  clusterName: string;
  endpoints?: string[];
  nodes?: string[];
}

export interface GetConfigurationResult {
  readonly clientConfiguration: outputs.machine.ClientConfiguration;
  readonly clusterName: string;
  readonly endpoints?: string[];
  readonly id: string;
  readonly nodes?: string[];
  /** YAML. Secret only as far as the arguments are. */
  readonly talosConfig: string;
}

export interface GetConfigurationOutputArgs {
  clientConfiguration: pulumi.Input<inputs.machine.ClientConfiguration>;
  clusterName: pulumi.Input<string>;
  endpoints?: pulumi.Input<pulumi.Input<string>[]>;
  nodes?: pulumi.Input<pulumi.Input<string>[]>;
}

const token = "talos:client/getConfiguration:getConfiguration";

function properties(args: GetConfigurationArgs | GetConfigurationOutputArgs): pulumi.Inputs {
  return {
    clientConfiguration: args.clientConfiguration,
    clusterName: args.clusterName,
    endpoints: args.endpoints,
    nodes: args.nodes,
  };
}

/** A talosconfig, written locally. */
export function getConfiguration(
  args: GetConfigurationArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetConfigurationResult> {
  return pulumi.runtime.invoke(token, properties(args), invokeOptions(opts));
}

/** {@inheritDoc getConfiguration} */
export function getConfigurationOutput(
  args: GetConfigurationOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetConfigurationResult> {
  return pulumi.runtime.invokeOutput(token, properties(args), invokeOutputOptions(opts));
}
