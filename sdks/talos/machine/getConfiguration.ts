import * as pulumi from "@pulumi/pulumi";
import { invokeOptions, invokeOutputOptions } from "../resource";
import type * as inputs from "../types/input";
import type * as outputs from "../types/output";

export interface GetConfigurationArgs {
  /** `https://host:port` */
  clusterEndpoint: string;
  clusterName: string;
  /** Patches in YAML, applied in this order. */
  configPatches?: string[];
  /** Comments in the generated YAML. @default false */
  docs?: boolean;
  /** Commented-out examples in the generated YAML. @default false */
  examples?: boolean;
  /** `1.36.0` @default the provider's own */
  kubernetesVersion?: string;
  machineSecrets: outputs.machine.MachineSecrets;
  /** `controlplane` or `worker` */
  machineType: string;
  /** The configuration contract, `v1.13`. @default the provider's own */
  talosVersion?: string;
}

export interface GetConfigurationResult {
  readonly clusterEndpoint: string;
  readonly clusterName: string;
  readonly configPatches?: string[];
  readonly docs?: boolean;
  readonly examples?: boolean;
  readonly id: string;
  readonly kubernetesVersion?: string;
  /** YAML. Secret only as far as the arguments are. */
  readonly machineConfiguration: string;
  readonly machineSecrets: outputs.machine.MachineSecrets;
  readonly machineType: string;
  readonly talosVersion?: string;
}

export interface GetConfigurationOutputArgs {
  clusterEndpoint: pulumi.Input<string>;
  clusterName: pulumi.Input<string>;
  configPatches?: pulumi.Input<pulumi.Input<string>[]>;
  docs?: pulumi.Input<boolean>;
  examples?: pulumi.Input<boolean>;
  kubernetesVersion?: pulumi.Input<string>;
  machineSecrets: pulumi.Input<inputs.machine.MachineSecrets>;
  machineType: pulumi.Input<string>;
  talosVersion?: pulumi.Input<string>;
}

const token = "talos:machine/getConfiguration:getConfiguration";

function properties(args: GetConfigurationArgs | GetConfigurationOutputArgs): pulumi.Inputs {
  return {
    clusterEndpoint: args.clusterEndpoint,
    clusterName: args.clusterName,
    configPatches: args.configPatches,
    docs: args.docs,
    examples: args.examples,
    kubernetesVersion: args.kubernetesVersion,
    machineSecrets: args.machineSecrets,
    machineType: args.machineType,
    talosVersion: args.talosVersion,
  };
}

/** A machine configuration, generated locally. Nothing checks that a machine would take it. */
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
