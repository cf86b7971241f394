import * as pulumi from "@pulumi/pulumi";
import { invokeOptions, invokeOutputOptions } from "../resource";
import type * as inputs from "../types/input";
import type * as outputs from "../types/output";

export interface GetHealthArgs {
  clientConfiguration: outputs.machine.ClientConfiguration;
  /** Addresses, without ports. */
  controlPlaneNodes: string[];
  /** Where the Talos API is reached. */
  endpoints: string[];
  /** @default false */
  skipKubernetesChecks?: boolean;
  timeouts?: outputs.cluster.ReadTimeouts;
  /** Addresses, without ports. */
  workerNodes?: string[];
}

export interface GetHealthResult {
  readonly clientConfiguration: outputs.machine.ClientConfiguration;
  readonly controlPlaneNodes: string[];
  readonly endpoints: string[];
  readonly id: string;
  readonly skipKubernetesChecks?: boolean;
  readonly timeouts?: outputs.cluster.ReadTimeouts;
  readonly workerNodes?: string[];
}

export interface GetHealthOutputArgs {
  clientConfiguration: pulumi.Input<inputs.machine.ClientConfiguration>;
  controlPlaneNodes: pulumi.Input<pulumi.Input<string>[]>;
  endpoints: pulumi.Input<pulumi.Input<string>[]>;
  skipKubernetesChecks?: pulumi.Input<boolean>;
  timeouts?: pulumi.Input<inputs.cluster.ReadTimeouts>;
  workerNodes?: pulumi.Input<pulumi.Input<string>[]>;
}

const token = "talos:cluster/getHealth:getHealth";

function properties(args: GetHealthArgs | GetHealthOutputArgs): pulumi.Inputs {
  return {
    clientConfiguration: args.clientConfiguration,
    controlPlaneNodes: args.controlPlaneNodes,
    endpoints: args.endpoints,
    skipKubernetesChecks: args.skipKubernetesChecks,
    timeouts: args.timeouts,
    workerNodes: args.workerNodes,
  };
}

/** Waits until the cluster is healthy, in previews too, up to `timeouts.read`. */
export function getHealth(
  args: GetHealthArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetHealthResult> {
  return pulumi.runtime.invoke(token, properties(args), invokeOptions(opts));
}

/** {@inheritDoc getHealth} */
export function getHealthOutput(
  args: GetHealthOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetHealthResult> {
  return pulumi.runtime.invokeOutput(token, properties(args), invokeOutputOptions(opts));
}
