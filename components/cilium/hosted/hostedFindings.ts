import type { Found } from "../../silencing";

/** What a run writes for the web server of the user. */
export interface HostedManifest {
  /** The file, as the stack configuration names it. */
  readonly file: string;
  /** Where control planes fetch it. */
  readonly url: string;
  /** Of the file's bytes, hexadecimal, as `sha256sum` prints it. */
  readonly sha256: string;
}

/** What the URL gave: the digest of its bytes, or why there is none. */
export type Fetched = { readonly sha256: string } | { readonly failure: string };

/** Why control planes would get something else than what the program rendered. Pure. */
export function hostedFindings({ file, url, sha256 }: HostedManifest, fetched: Fetched): Found[] {
  const at = { propertyPath: "cilium.hosted.url", got: url };
  if ("failure" in fetched) {
    return [
      {
        id: "hosted-unreachable",
        ...at,
        reason: `${fetched.failure}; control planes would come up and wait for Cilium`,
        fix: `put ${file} there; silence this where only control planes reach it`,
      },
    ];
  }
  if (fetched.sha256 === sha256) return [];
  return [
    {
      id: "hosted-stale",
      ...at,
      reason: `what is there has SHA-256 ${fetched.sha256.slice(0, 12)}…, and ${file}, just rendered, ${sha256.slice(0, 12)}…`,
      fix: `put ${file} there, then run it again`,
    },
  ];
}
