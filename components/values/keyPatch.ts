import type { ChartKeys } from "./chartKeys";

/** A JSON merge patch (RFC 7396) of a key index: null takes a key away. */
export interface KeyPatch {
  readonly [key: string]: string | null | KeyPatch;
}

/** The key index that a patch makes of another. Pure. */
export function patchedKeys(keys: ChartKeys, patch: KeyPatch): ChartKeys {
  const changed: Record<string, string | ChartKeys> = { ...keys };
  for (const [key, below] of Object.entries(patch)) {
    if (below === null) delete changed[key];
    else changed[key] = typeof below === "string" ? below : patchedKeys(mapAt(keys, key), below);
  }
  return changed;
}

/** The patch that makes `to` of `from`, its keys in order. Pure. */
export function keyPatch(from: ChartKeys, to: ChartKeys): KeyPatch {
  const patch: Record<string, string | null | KeyPatch> = {};
  for (const key of [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()) {
    const below = to[key];
    if (below === undefined) patch[key] = null;
    else if (typeof below === "string") {
      if (below !== from[key]) patch[key] = below;
    } else {
      const inner = keyPatch(mapAt(from, key), below);
      const isSame = typeof from[key] === "object" && Object.keys(inner).length === 0;
      if (!isSame) patch[key] = inner;
    }
  }
  return patch;
}

function mapAt(keys: ChartKeys, key: string): ChartKeys {
  const below = keys[key];
  return typeof below === "object" ? below : {};
}
