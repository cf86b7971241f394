import { stringify } from "yaml";
import type { PatchDocument } from "./patchBuilder";

// One patch is usually that of many machines, and writing YAML is most of what a large cluster takes.
const written = new Map<string, string>();
const CACHED_TEXTS = 4096;

/**
 * A patch as YAML with sorted keys, so that a changed text means a changed configuration; each is
 * written once.
 *
 * Written for YAML 1.1: `off`, `1:30` or `0777` as strings keep their quotes, whichever version
 * reads them.
 */
export function patchText(document: PatchDocument): string {
  const key = JSON.stringify(document);
  let text = written.get(key);
  if (text === undefined) {
    if (written.size >= CACHED_TEXTS) written.clear();
    text = stringify(document, { version: "1.1", sortMapEntries: true, lineWidth: 0 });
    written.set(key, text);
  }
  return text;
}

/**
 * A user's patch as it can be handed to the provider, which takes a string without space or line
 * break for the name of a file.
 */
export function userPatchText(patch: string): string {
  return patch.endsWith("\n") ? patch : `${patch}\n`;
}
