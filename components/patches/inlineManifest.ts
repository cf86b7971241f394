import { patchText } from "./patchText";

/**
 * A patch of control planes with a manifest that Talos applies as soon as the API server serves.
 *
 * @param contents objects as YAML
 */
export function inlineManifestPatch(name: string, contents: string): string {
  return patchText({ cluster: { inlineManifests: [{ name, contents }] } });
}
