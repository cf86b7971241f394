import * as pulumi from "@pulumi/pulumi";
import { invokeOptions, invokeOutputOptions } from "../resource";
import type * as inputs from "../types/input";
import type * as outputs from "../types/output";

export interface GetVersionsArgs {
  filters?: outputs.imagefactory.VersionsFilter;
}

export interface GetVersionsResult {
  readonly filters?: outputs.imagefactory.VersionsFilter;
  readonly id: string;
  readonly talosVersions: string[];
}

export interface GetVersionsOutputArgs {
  filters?: pulumi.Input<inputs.imagefactory.VersionsFilter>;
}

const token = "talos:imageFactory/getVersions:getVersions";

/** The Talos versions that Image Factory builds. */
export function getVersions(
  args: GetVersionsArgs = {},
  opts?: pulumi.InvokeOptions,
): Promise<GetVersionsResult> {
  return pulumi.runtime.invoke(token, { filters: args.filters }, invokeOptions(opts));
}

/** {@inheritDoc getVersions} */
export function getVersionsOutput(
  args: GetVersionsOutputArgs = {},
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetVersionsResult> {
  return pulumi.runtime.invokeOutput(token, { filters: args.filters }, invokeOutputOptions(opts));
}
