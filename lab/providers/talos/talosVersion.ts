import { compare, parse, type SemVer } from "semver";

/** Contract of the library that the provider is built with. */
export const DEFAULT_TALOS_VERSION = "v1.13";

/**
 * Order of two versions, with or without `v` and patch (`v1.12` is `v1.12.0`), as Go's `semver.Compare`: what is no
 * version comes before all that are.
 */
export function compareTalosVersions(a: string, b: string): number {
  const [first, second] = [parsed(a), parsed(b)];
  if (first === null || second === null) {
    return Number(first !== null) - Number(second !== null);
  }
  return compare(first, second);
}

function parsed(version: string): SemVer | null {
  const number = version.replace(/^v/, "");
  const missing = /^\d+$/.test(number) ? ".0.0" : /^\d+\.\d+$/.test(number) ? ".0" : "";
  return parse(number + missing);
}
