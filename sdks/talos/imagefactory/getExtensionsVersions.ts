import * as pulumi from "@pulumi/pulumi";
import { invokeOptions, invokeOutputOptions } from "../resource";
import type * as inputs from "../types/input";
import type * as outputs from "../types/output";

export interface GetExtensionsVersionsArgs {
  /** Whole names. */
  exactFilters?: outputs.imagefactory.NamesFilter;
  /** Parts of names. */
  filters?: outputs.imagefactory.NamesFilter;
  talosVersion: string;
}

export interface GetExtensionsVersionsResult {
  readonly exactFilters?: outputs.imagefactory.NamesFilter;
  readonly extensionsInfos: outputs.imagefactory.ExtensionsInfo[];
  readonly filters?: outputs.imagefactory.NamesFilter;
  readonly id: string;
  readonly talosVersion: string;
}

export interface GetExtensionsVersionsOutputArgs {
  exactFilters?: pulumi.Input<inputs.imagefactory.NamesFilter>;
  filters?: pulumi.Input<inputs.imagefactory.NamesFilter>;
  talosVersion: pulumi.Input<string>;
}

const token = "talos:imageFactory/getExtensionsVersions:getExtensionsVersions";

function properties(
  args: GetExtensionsVersionsArgs | GetExtensionsVersionsOutputArgs,
): pulumi.Inputs {
  return {
    exactFilters: args.exactFilters,
    filters: args.filters,
    talosVersion: args.talosVersion,
  };
}

/** The system extensions that Image Factory has for a Talos version. */
export function getExtensionsVersions(
  args: GetExtensionsVersionsArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetExtensionsVersionsResult> {
  return pulumi.runtime.invoke(token, properties(args), invokeOptions(opts));
}

/** {@inheritDoc getExtensionsVersions} */
export function getExtensionsVersionsOutput(
  args: GetExtensionsVersionsOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetExtensionsVersionsResult> {
  return pulumi.runtime.invokeOutput(token, properties(args), invokeOutputOptions(opts));
}
