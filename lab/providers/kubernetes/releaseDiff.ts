import type { DiffRequest, DiffResult } from "../protocol";
import type { PropertyMap } from "../property";
import { detailedDiff, replacements } from "./detailedDiff";
import { deepEqual, isRecord, isUnknown, stripped } from "./plain";
import { inputsOfState } from "./releaseState";

/**
 * Compares a release's new inputs with its state; what the program took out is found in the inputs of last time.
 * Another name or namespace is another release.
 */
export function diffRelease({ olds, news, ignoreChanges }: DiffRequest): DiffResult {
  const inputs: PropertyMap = { ...news };
  if (ignoreChanges.includes("version")) inputs.version = olds.version;
  const oldInputs: PropertyMap = { ...inputsOfState(olds) };
  delete oldInputs.checksum;
  delete oldInputs.resourceNames;
  const plain = (map: PropertyMap): Record<string, unknown> =>
    stripped(map) as Record<string, unknown>;
  const patch = threeWayPatch(nulled(plain(oldInputs)), nulled(plain(inputs)), nulled(plain(olds)));
  if (Object.keys(patch).length === 0) return { changes: "DIFF_NONE" };
  const changes = detailedDiff(patch, plain(olds), plain(inputs), plain(oldInputs), [
    ".name",
    ".namespace",
  ]);
  return {
    changes: "DIFF_SOME",
    diffs: Object.keys(patch),
    replaces: replacements(changes),
    ...(changes.size > 0 ? { detailedDiff: Object.fromEntries(changes) } : {}),
  };
}

/** Unknown values count as null in the patch; the diff tells them from deletions by the new inputs. */
function nulled(value: Record<string, unknown>): Record<string, unknown> {
  const replaced = (item: unknown): unknown => {
    if (isUnknown(item)) return null;
    if (Array.isArray(item)) return item.map(replaced);
    return isRecord(item) ? nulled(item) : item;
  };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item)]));
}

/** What to add and change from `current` to `modified`, and what to delete since `original`. */
function threeWayPatch(
  original: Record<string, unknown>,
  modified: Record<string, unknown>,
  current: Record<string, unknown>,
): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(modified)) {
    const now = Object.hasOwn(current, key) ? current[key] : undefined;
    if (isRecord(value) && isRecord(now)) {
      const before = original[key];
      const nested = threeWayPatch(isRecord(before) ? before : {}, value, now);
      if (Object.keys(nested).length > 0) patch[key] = nested;
    } else if (!deepEqual(now, value)) {
      patch[key] = value;
    }
  }
  for (const key of Object.keys(original)) {
    if (!Object.hasOwn(modified, key)) patch[key] = null;
  }
  return patch;
}
