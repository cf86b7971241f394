import { loadAll } from "js-yaml";

import {
  INVENTORY_NAME,
  INVENTORY_NAMESPACE,
  inventoryKey,
} from "../../lab/controlPlane/inventory";
import { FIELD_MANAGER } from "../../lab/controlPlane/manifestApply";
import type { TestLab } from "./testLab";

/** What `talosctl upgrade-k8s` does to the objects of one manifest, as far as names say which are its own. */
export async function upgradeK8s(lab: TestLab, manifest: string, own: RegExp): Promise<void> {
  const apply = ["apply", "--server-side", "--force-conflicts", `--field-manager=${FIELD_MANAGER}`];
  await lab.kubectl([...apply, "--filename=-"], manifest);
  const map = ["configmap", INVENTORY_NAME, `--namespace=${INVENTORY_NAMESPACE}`];
  const { data } = JSON.parse(await lab.kubectl(["get", ...map, "--output=json"])) as {
    data: Record<string, string>;
  };
  const kept = new Set(
    (loadAll(manifest) as Parameters<typeof inventoryKey>[0][]).map(inventoryKey),
  );
  const pruned = Object.keys(data).filter((key) => own.test(key) && !kept.has(key));
  for (const key of pruned) {
    const [namespace, name, group, kind] = key.split("_");
    await lab.kubectl([
      "delete",
      `${kind}.${group}`.replace(/\.$/, ""),
      name!,
      `--namespace=${namespace}`,
    ]);
  }
  const patch = { data: Object.fromEntries(pruned.map((key) => [key, null])) };
  await lab.kubectl(["patch", ...map, "--type=merge", `--patch=${JSON.stringify(patch)}`]);
}
