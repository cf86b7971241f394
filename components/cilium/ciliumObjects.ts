// The whole package takes a tenth of a second to load, and every preview waits for it.
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Secret, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import type { CiliumObject, Manifest } from "./objects";

/** Values that a Secret of a feature holds, by the names that the spec gives them. */
export type NamedSecrets = Readonly<Record<string, pulumi.Input<string>>>;

/**
 * Makes the objects of one moment, each as one resource: `<name>-<namespace>/<object>`.
 *
 * An object that leaves the spec leaves the cluster, unless others use it too. One that goes together with its provider, as
 * in `pulumi destroy`, is only forgotten: the cluster goes, or Cilium stays in it as it is.
 *
 * @param opts what they depend on, and the provider that they are made through
 * @throws ResourceError when a Secret names a value that is not given
 */
export function makeObjects(
  name: string,
  objects: readonly CiliumObject[],
  secrets: NamedSecrets,
  opts: pulumi.CustomResourceOptions & { readonly provider: pulumi.ProviderResource },
): pulumi.CustomResource[] {
  const made = new Map<string, pulumi.CustomResource>();
  const make = ({ manifest, secretData, behind, stays }: CiliumObject) => {
    const resourceName = `${name}-${idOf(manifest)}`;
    const first = behind === undefined ? [] : [made.get(behind)!];
    const options = pulumi.mergeOptions(
      stays ? { ...opts, retainOnDelete: true } : { ...opts, deletedWith: opts.provider },
      { dependsOn: first },
    );
    if (manifest.apiVersion !== "v1")
      return new CustomResource(resourceName, { ...manifest }, options);
    if (manifest.kind === "ServiceAccount")
      return new ServiceAccount(resourceName, manifest as never, options);
    const stringData = Object.entries(secretData ?? {}).map(([key, secret]) => [
      key,
      pulumi.secret(secrets[secret] ?? missing(secret, opts.parent)),
    ]);
    return new Secret(
      resourceName,
      {
        ...manifest,
        stringData: Object.fromEntries(stringData) as Record<string, pulumi.Output<string>>,
      } as never,
      options,
    );
  };
  return objects.map((object) => {
    const resource = make(object);
    made.set(object.manifest.metadata.name, resource);
    return resource;
  });
}

/** What the provider knows an object by. Pure. */
function idOf({ metadata: { namespace, name } }: Manifest): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function missing(secret: string, parent: pulumi.Resource | undefined): never {
  const message = `the secret ${secret} has no value: pulumi config set --secret ${secret}, or give it in secrets`;
  throw new pulumi.ResourceError(message, parent, true);
}
