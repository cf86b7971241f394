import { parseAllDocuments } from "yaml";

import { UNKNOWN, isObject, nodesOf, valueAt } from "./propertyTree";

/**
 * The documents of a machine's config patches, each with the path it stands at: of a manifest that a
 * patch holds as text, the documents too.
 *
 * @param props of a ConfigurationApply
 * @returns undefined where a patch cannot be known yet
 */
export function patchDocuments(props: unknown): readonly PatchDocument[] | undefined {
  const patches = valueAt(props, "configPatches") ?? [];
  if (!Array.isArray(patches) || patches.includes(UNKNOWN)) return undefined;
  return patches.flatMap((patch: unknown, index) =>
    typeof patch === "string" ? documents(patch, ["configPatches", `${index}`]) : [],
  );
}

export interface PatchDocument {
  readonly path: readonly string[];
  readonly content: unknown;
}

function documents(text: string, path: readonly string[]): PatchDocument[] {
  return parseAllDocuments(text).flatMap((document) => {
    // What does not parse is refused by Talos, and named there.
    if (document.errors.length > 0) return [];
    const content: unknown = document.toJS();
    return [{ path, content }, ...manifests(content, path)];
  });
}

function manifests(content: unknown, path: readonly string[]): PatchDocument[] {
  return [...nodesOf(content)].flatMap((node) => {
    if (node.path.at(-1) !== "inlineManifests" || !Array.isArray(node.value)) return [];
    return node.value.flatMap((manifest: unknown, index) => {
      const contents = isObject(manifest) ? manifest["contents"] : undefined;
      if (typeof contents !== "string") return [];
      return documents(contents, [...path, ...node.path, `${index}`, "contents"]);
    });
  });
}
