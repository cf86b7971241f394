import * as pulumi from "@pulumi/pulumi";
import { invokeOptions, invokeOutputOptions } from "../resource";
import type * as inputs from "../types/input";
import type * as outputs from "../types/output";

export interface GetOverlaysVersionsArgs {
  filters?: outputs.imagefactory.OverlaysFilter;
  talosVersion: string;
}

export interface GetOverlaysVersionsResult {
  readonly filters?: outputs.imagefactory.OverlaysFilter;
  readonly id: string;
  readonly overlaysInfos: outputs.imagefactory.OverlaysInfo[];
  readonly talosVersion: string;
}

export interface GetOverlaysVersionsOutputArgs {
  filters?: pulumi.Input<inputs.imagefactory.OverlaysFilter>;
  talosVersion: pulumi.Input<string>;
}

const token = "talos:imageFactory/getOverlaysVersions:getOverlaysVersions";

function properties(args: GetOverlaysVersionsArgs | GetOverlaysVersionsOutputArgs): pulumi.Inputs {
  return { filters: args.filters, talosVersion: args.talosVersion };
}

/** The board overlays that Image Factory has for a Talos version. */
export function getOverlaysVersions(
  args: GetOverlaysVersionsArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetOverlaysVersionsResult> {
  return pulumi.runtime.invoke(token, properties(args), invokeOptions(opts));
}

/** {@inheritDoc getOverlaysVersions} */
export function getOverlaysVersionsOutput(
  args: GetOverlaysVersionsOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetOverlaysVersionsResult> {
  return pulumi.runtime.invokeOutput(token, properties(args), invokeOutputOptions(opts));
}
