import type { ParsedPatch } from "./parsePatch";
import { parsePatch } from "./parsePatch";

// One patch is usually that of many machines.
const parsed = new Map<string, ParsedPatch>();
const CACHED_PATCHES = 4096;

/** {@link parsePatch}, once for each text. */
export function cachedPatch(text: string): ParsedPatch {
  let patch = parsed.get(text);
  if (!patch) {
    if (parsed.size >= CACHED_PATCHES) parsed.clear();
    parsed.set(text, (patch = parsePatch(text)));
  }
  return patch;
}
