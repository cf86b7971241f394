import { managedFieldsOf } from "./fieldManagers";
import type { KubernetesObject } from "./objects";
import { isRecord, pluck, unset } from "./plain";

/**
 * Keeps ignored fields out of an update: one that another manager owns is left out, any other gets the value that the
 * cluster has. Changes the inputs. Paths into lists are not followed.
 */
export function applyIgnoredFields(
  inputs: KubernetesObject,
  live: KubernetesObject,
  ignored: readonly string[],
  fieldManager: string,
): void {
  const entries = managedFieldsOf(live);
  for (const text of ignored) {
    const path = text.split(".");
    const owners = entries.filter(({ fieldsV1 }) => claims(fieldsV1, path));
    const ours = owners.some(({ manager }) => manager === fieldManager);
    if (owners.length > 0 && !ours) {
      unset(inputs, ...path);
      continue;
    }
    const value = pluck(live, ...path);
    if (value !== undefined) assign(inputs, path, value);
  }
}

function claims(fields: unknown, path: readonly string[]): boolean {
  return path.reduce<unknown>((inner, key) => pluck(inner, `f:${key}`), fields) !== undefined;
}

function assign(object: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    object[key] = value;
    return;
  }
  const inner = isRecord(object[key]) ? object[key] : {};
  object[key] = inner;
  assign(inner, rest, value);
}
