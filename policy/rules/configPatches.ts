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
    const value: unknown = document.toJS();
    const contents = Array.isArray(value) ? value.map(resultOf) : [value];
    return contents.flatMap((content) => [{ path, content }, ...manifests(content, path)]);
  });
}

/** What an operation of a JSON 6902 patch puts there: its value, at the place that its pointer names. */
function resultOf(operation: unknown): unknown {
  const pointer = valueAt(operation, "path");
  if (typeof pointer !== "string") return undefined;
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduceRight<unknown>(
      // A number or "-" is a place in a list.
      (inner, key) => (/^(\d+|-)$/.test(key) ? [inner] : { [key]: inner }),
      valueAt(operation, "value"),
    );
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
