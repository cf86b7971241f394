import * as pulumi from "@pulumi/pulumi";
import { invokeOptions, invokeOutputOptions } from "../resource";
import type * as inputs from "../types/input";
import type * as outputs from "../types/output";

export interface GetDisksArgs {
  clientConfiguration: outputs.machine.ClientConfiguration;
  /** Where the Talos API is reached, with an optional port. @default the node */
  endpoint?: string;
  node: string;
  /** A CEL expression. @default every disk */
  selector?: string;
  timeouts?: outputs.machine.GetDisksTimeouts;
}

export interface GetDisksResult {
  readonly clientConfiguration: outputs.machine.ClientConfiguration;
  readonly disks: outputs.machine.GetDisksDisk[];
  readonly endpoint: string;
  readonly id: string;
  readonly node: string;
  readonly selector?: string;
  readonly timeouts?: outputs.machine.GetDisksTimeouts;
}

export interface GetDisksOutputArgs {
  clientConfiguration: pulumi.Input<inputs.machine.ClientConfiguration>;
  endpoint?: pulumi.Input<string>;
  node: pulumi.Input<string>;
  selector?: pulumi.Input<string>;
  timeouts?: pulumi.Input<inputs.machine.GetDisksTimeouts>;
}

const token = "talos:machine/getDisks:getDisks";

function properties(args: GetDisksArgs | GetDisksOutputArgs): pulumi.Inputs {
  return {
    clientConfiguration: args.clientConfiguration,
    endpoint: args.endpoint,
    node: args.node,
    selector: args.selector,
    timeouts: args.timeouts,
  };
}

/** The disks that a machine has, in maintenance mode or configured. */
export function getDisks(args: GetDisksArgs, opts?: pulumi.InvokeOptions): Promise<GetDisksResult> {
  return pulumi.runtime.invoke(token, properties(args), invokeOptions(opts));
}

/** {@inheritDoc getDisks} */
export function getDisksOutput(
  args: GetDisksOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetDisksResult> {
  return pulumi.runtime.invokeOutput(token, properties(args), invokeOutputOptions(opts));
}
