import type { PatchDocument } from "./parsePatch";
import { isObject } from "./parsePatch";

/** A `$patch: delete` of a document, a key, or the element of a list. */
export interface Deletion {
  readonly path: readonly (string | number)[];
  /** The first key and value of a list's element, by which it is found. */
  readonly element?: { readonly key: string; readonly value: string };
}

export interface SplitDocument {
  readonly deletions: readonly Deletion[];
  /** What is left to merge; absent when nothing is. */
  readonly rest?: Record<string, unknown>;
  /** Why the deletions cannot be read. */
  readonly fault?: { readonly path: readonly (string | number)[]; readonly reason: string };
}

const NAMES = ["version", "kind", "name"];

/** Takes the deletions out of a document, in the order in which Talos applies them. Pure. */
export function splitDeletions(document: PatchDocument): SplitDocument {
  const deletions: Deletion[] = [];
  let fault: SplitDocument["fault"];

  /** The value without its deletions, or undefined when it goes with them. */
  function visit(value: unknown, path: readonly (string | number)[], inList: boolean): unknown {
    if (Array.isArray(value)) {
      const kept = value
        .map((item, index) => visit(item, [...path, index], true))
        .filter((item) => item !== undefined);
      return value.length > 0 && kept.length === 0 ? undefined : kept;
    }
    if (!isObject(value)) return value;
    if (value["$patch"] === "delete") {
      if (inList) {
        const found = Object.entries(value).find(([key]) => key !== "$patch");
        if (found) {
          deletions.push({ path, element: { key: found[0], value: String(found[1]) } });
        } else fault = { path, reason: "nothing says which element of the list is meant" };
      } else if (path.some((key) => typeof key === "number")) {
        fault = { path, reason: "a key inside an element of a list cannot be deleted" };
      } else deletions.push({ path });
      return undefined;
    }
    const kept: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(value)) {
      const rest = visit(inner, [...path, key], false);
      if (rest !== undefined || inner === undefined) kept[key] = rest;
    }
    return Object.keys(value).length > 0 && Object.keys(kept).length === 0 ? undefined : kept;
  }

  const rest = visit(document.value, [], false) as Record<string, unknown> | undefined;
  const isEmpty =
    rest === undefined ||
    Object.entries(rest).every(([key, value]) => NAMES.includes(key) && typeof value !== "object");
  return { deletions, ...(isEmpty ? {} : { rest }), ...(fault && { fault }) };
}
