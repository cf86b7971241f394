import { patchText } from "./patchText";

/** A patch of control planes with the URL of a manifest, which Talos fetches and applies as its own. */
export function extraManifestPatch(url: string): string {
  return patchText({ cluster: { extraManifests: [url] } });
}
