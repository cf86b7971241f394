import { patchDocuments } from "./configPatches";
import { valueAt } from "./propertyTree";
import { TALOS_APPLY, kindOf } from "./resourceTypes";

/** A Kubernetes object that a resource brings. */
export interface KubernetesObject {
  readonly kind: string;
  readonly object: unknown;
  /** Where it stands in the properties of the resource; empty where it is these. */
  readonly at: readonly string[];
}

/** What a resource brings to the cluster: itself, or the manifests in patches that Talos applies. */
export function kubernetesObjects(type: string, props: unknown): KubernetesObject[] {
  const kind = kindOf(type);
  if (kind !== undefined) return [{ kind, object: props, at: [] }];
  if (type !== TALOS_APPLY) return [];
  return (patchDocuments(props) ?? [])
    .filter(({ path }) => path.at(-1) === "contents")
    .map(({ path, content }) => ({
      kind: String(valueAt(content, "kind")),
      object: content,
      at: path,
    }));
}
