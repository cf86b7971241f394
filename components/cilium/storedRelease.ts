import { gunzipSync } from "node:zlib";

import type { V1Secret } from "@kubernetes/client-node";

/** What is read of a release as Helm keeps it. */
export interface StoredRelease {
  readonly info?: { readonly first_deployed?: string };
  readonly chart?: { readonly metadata?: { readonly version?: string } };
  /** The values that were given, without the chart's own. */
  readonly config?: Record<string, unknown>;
}

/** Unpacks a revision's Secret: base64 of base64 of gzipped JSON. Undefined where it holds none. Pure. */
export function storedRelease(secret: Pick<V1Secret, "data">): StoredRelease | undefined {
  const stored = secret.data?.["release"];
  if (!stored) return undefined;
  const packed = Buffer.from(Buffer.from(stored, "base64").toString("latin1"), "base64");
  return JSON.parse(gunzipSync(packed).toString("utf8")) as StoredRelease;
}
