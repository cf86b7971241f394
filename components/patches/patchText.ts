import { stringify } from "yaml";
import type { PatchDocument } from "./patchBuilder";

/**
 * A patch as YAML with sorted keys, so that a changed text means a changed configuration.
 *
 * Written for YAML 1.1: `off`, `1:30` or `0777` as strings keep their quotes, whichever version
 * reads them.
 */
export function patchText(document: PatchDocument): string {
  return stringify(document, { version: "1.1", sortMapEntries: true, lineWidth: 0 });
}

/**
 * A user's patch as it can be handed to the provider, which takes a string without space or line
 * break for the name of a file.
 */
export function userPatchText(patch: string): string {
  return patch.endsWith("\n") ? patch : `${patch}\n`;
}
