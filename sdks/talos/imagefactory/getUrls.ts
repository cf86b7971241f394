import * as pulumi from "@pulumi/pulumi";
import { invokeOptions, invokeOutputOptions } from "../resource";
import type * as outputs from "../types/output";

export interface GetUrlsArgs {
  /** @default "amd64" */
  architecture?: string;
  /** Either this or `sbc`. */
  platform?: string;
  sbc?: string;
  schematicId: string;
  talosVersion: string;
}

export interface GetUrlsResult {
  readonly architecture: string;
  readonly id: string;
  readonly platform?: string;
  readonly sbc?: string;
  readonly schematicId: string;
  readonly talosVersion: string;
  readonly urls: outputs.imagefactory.Urls;
}

export interface GetUrlsOutputArgs {
  architecture?: pulumi.Input<string>;
  platform?: pulumi.Input<string>;
  sbc?: pulumi.Input<string>;
  schematicId: pulumi.Input<string>;
  talosVersion: pulumi.Input<string>;
}

const token = "talos:imageFactory/getUrls:getUrls";

function properties(args: GetUrlsArgs | GetUrlsOutputArgs): pulumi.Inputs {
  return {
    architecture: args.architecture,
    platform: args.platform,
    sbc: args.sbc,
    schematicId: args.schematicId,
    talosVersion: args.talosVersion,
  };
}

/** Where Image Factory serves the images of a schematic. */
export function getUrls(args: GetUrlsArgs, opts?: pulumi.InvokeOptions): Promise<GetUrlsResult> {
  return pulumi.runtime.invoke(token, properties(args), invokeOptions(opts));
}

/** {@inheritDoc getUrls} */
export function getUrlsOutput(
  args: GetUrlsOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetUrlsResult> {
  return pulumi.runtime.invokeOutput(token, properties(args), invokeOutputOptions(opts));
}
