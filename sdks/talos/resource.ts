import * as pulumi from "@pulumi/pulumi";
import packageJson from "./package.json";

/** What the schema says of one resource, as far as a binding acts on it. */
export interface ResourceDescription {
  readonly inputs: readonly string[];
  readonly requiredInputs: readonly string[];
  readonly secretInputs: readonly string[];
  /** Properties that only the provider sets. */
  readonly computed: readonly string[];
  readonly secretOutputs: readonly string[];
}

/** The plugin that serves every resource and function of this package, for the engine to find or download. */
export function packageDefaults(): { version: string; pluginDownloadURL: string } {
  return {
    version: packageJson.pulumi.version,
    pluginDownloadURL: packageJson.pulumi.server,
  };
}

/**
 * The properties that a resource registers with: inputs of `args`, or the whole of `state` where
 * `options.id` says that the resource is only read.
 *
 * @throws Error when a required input is missing, with the wording of a generated SDK.
 */
export function registeredProperties(
  description: ResourceDescription,
  argsOrState: object | undefined,
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.Inputs {
  const given = { ...argsOrState } as pulumi.Inputs;
  const properties: pulumi.Inputs = {};
  if (options?.id !== undefined) {
    for (const name of [...description.inputs, ...description.computed]) {
      properties[name] = given[name];
    }
    return properties;
  }
  for (const name of description.requiredInputs) {
    if (given[name] === undefined && options?.urn === undefined) {
      throw new Error(`Missing required property '${name}'`);
    }
  }
  for (const name of description.inputs) {
    const value = given[name];
    properties[name] =
      value !== undefined && description.secretInputs.includes(name) ? pulumi.secret(value) : value;
  }
  for (const name of description.computed) {
    properties[name] = undefined;
  }
  return properties;
}

/** The caller's options over the package's own; outputs that carry keys stay secret in either case. */
export function resourceOptions(
  description: ResourceDescription,
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  return pulumi.mergeOptions(pulumi.mergeOptions(packageDefaults(), options ?? {}), {
    additionalSecretOutputs: [...description.secretOutputs],
  });
}

/** Whether `obj` is a resource of this type, also when another copy of the package made it. */
export function isOfType(obj: unknown, type: string): boolean {
  return (
    typeof obj === "object" && obj !== null && "__pulumiType" in obj && obj.__pulumiType === type
  );
}

/** The options of a function's plain form. */
export function invokeOptions(options: pulumi.InvokeOptions | undefined): pulumi.InvokeOptions {
  return pulumi.mergeOptions(packageDefaults(), options ?? {});
}

/** The options of a function's Output form. */
export function invokeOutputOptions(
  options: pulumi.InvokeOutputOptions | undefined,
): pulumi.InvokeOutputOptions {
  return pulumi.mergeOptions(packageDefaults(), options ?? {});
}

/** Lets the runtime turn a reference to a resource of this module back into an object of its class. */
export function registerModule(
  module: string,
  type: string,
  construct: (name: string, urn: string) => pulumi.Resource,
): void {
  pulumi.runtime.registerResourceModule("talos", module, {
    version: packageJson.pulumi.version,
    construct(name: string, requested: string, urn: string): pulumi.Resource {
      if (requested !== type) throw new Error(`unknown resource type ${requested}`);
      return construct(name, urn);
    },
  });
}
