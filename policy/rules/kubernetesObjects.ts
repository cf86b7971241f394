import { isManifest, patchDocuments } from "./configPatches";
import { valueAt } from "./propertyTree";
import { kindOf, TALOS_APPLY } from "./resourceTypes";

/** A Kubernetes object, and where it stands in the resource. */
export interface KubernetesObject {
  /** For instance `Ingress`. */
  readonly kind: string;
  readonly path: readonly string[];
  readonly content: unknown;
}

/** The Kubernetes objects that a resource makes: the one that it is, or those in a machine's manifests. */
export function kubernetesObjects(type: string, props: unknown): readonly KubernetesObject[] {
  const own = kindOf(type);
  if (own) return [{ kind: own, path: [], content: props }];
  if (type !== TALOS_APPLY) return [];
  return patchDocuments(props)
    .filter(isManifest)
    .map(({ path, content }) => ({ kind: String(valueAt(content, "kind")), path, content }));
}
