// The whole package takes a tenth of a second to load, and every preview waits for it.
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Secret, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { adopting, byImport, valueOf } from "../step";
import { type CiliumObject, type Manifest, pathOf } from "./objects";
import { OWNED, isOwnedAt } from "./ownedSecret";

/** Values that a Secret of a feature holds, by the names that the spec gives them. */
export type NamedSecrets = Readonly<Record<string, pulumi.Input<string>>>;

/** What objects are made with. */
export interface ObjectArgs {
  readonly secrets: NamedSecrets;
  /** For a look at what a killed run left; the objects themselves go through the provider. */
  readonly kubeconfig: pulumi.Output<string>;
}

/**
 * Makes the objects of one moment, each as one resource: `<name>-<namespace>/<object>`.
 *
 * An object that leaves the spec leaves the cluster, unless others use it too. One that goes
 * together with its provider, as in `pulumi destroy`, is only forgotten: the cluster goes, or Cilium
 * stays in it as it is.
 *
 * @param opts what they depend on, and the provider that they are made through
 * @throws ResourceError when a Secret names a value that is not given
 */
export function makeObjects(
  name: string,
  objects: readonly CiliumObject[],
  { secrets, kubeconfig }: ObjectArgs,
  opts: pulumi.CustomResourceOptions & { readonly provider: pulumi.ProviderResource },
): pulumi.CustomResource[] {
  const made = new Map<string, pulumi.CustomResource>();
  const make = ({ manifest: plain, secretData, behind, stays }: CiliumObject) => {
    const manifest = owned(plain);
    const resourceName = `${name}-${idOf(manifest)}`;
    const first = behind === undefined ? [] : [made.get(behind)!];
    const options = pulumi.mergeOptions(
      {
        ...opts,
        ...(stays ? { retainOnDelete: true } : { deletedWith: opts.provider }),
        transforms: adopting(byImport(idOf(manifest)), async () =>
          isOwnedAt(await valueOf(kubeconfig), pathOf(manifest)),
        ),
      },
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

/** Tells ours from those of somebody else. Pure. */
function owned(manifest: Manifest): Manifest {
  const { metadata } = manifest;
  return { ...manifest, metadata: { ...metadata, labels: { ...metadata.labels, ...OWNED } } };
}

/** What the provider knows an object by. Pure. */
function idOf({ metadata: { namespace, name } }: Manifest): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function missing(secret: string, parent: pulumi.Resource | undefined): never {
  const message = `the secret ${secret} has no value: pulumi config set --secret ${secret}, or give it in secrets`;
  throw new pulumi.ResourceError(message, parent, true);
}
