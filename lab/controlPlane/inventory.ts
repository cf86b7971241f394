import { isNotFound, type KubernetesApi, type KubernetesObject } from "./kubernetesApi";
import { record, text, type Tree } from "./tree";

export const INVENTORY_NAME = "talos-bootstrap-manifests-inventory";
export const INVENTORY_NAMESPACE = "kube-system";
/** Annotation that every object applied by Talos carries. */
export const OWNING_INVENTORY = "config.k8s.io/owning-inventory";

const PATH = `/api/v1/namespaces/${INVENTORY_NAMESPACE}/configmaps`;

/**
 * Key of an object in the inventory: namespace, name, group and kind joined by underscores;
 * a colon, which a ConfigMap key cannot hold, is written as two underscores.
 */
export function inventoryKey(object: Tree): string {
  const { namespace, name } = record(object.metadata);
  const [group, version] = String(object.apiVersion).split("/");
  return [
    text(namespace) ?? "",
    (text(name) ?? "").replaceAll(":", "__"),
    version === undefined ? "" : group,
    String(object.kind),
  ].join("_");
}

/** Keys of the inventory; empty when there is none yet. */
export async function readInventory(api: KubernetesApi): Promise<Set<string>> {
  try {
    const map = await api.get<{ data?: Record<string, string> }>(`${PATH}/${INVENTORY_NAME}`);
    return new Set(Object.keys(map.data ?? {}));
  } catch (error) {
    if (isNotFound(error)) {
      return new Set();
    }
    throw error;
  }
}

/** Replaces the inventory's content. */
export async function writeInventory(
  api: KubernetesApi,
  keys: ReadonlySet<string>,
): Promise<KubernetesObject> {
  return api.apply(
    `${PATH}/${INVENTORY_NAME}`,
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: INVENTORY_NAME,
        namespace: INVENTORY_NAMESPACE,
        labels: { "cli-utils.sigs.k8s.io/inventory-id": INVENTORY_NAME },
      },
      data: Object.fromEntries([...keys].sort().map((key) => [key, ""])),
    },
    "talos&force=true",
  );
}
