import { parseAllDocuments } from "yaml";
import type { Manifest } from "./bootstrapManifests";
import { isLoopback } from "./addresses";
import type { ClusterSettings } from "./clusterSettings";
import { record, records, type Tree } from "./tree";

/** A manifest that has to be fetched. */
export interface ManifestSource {
  id: string;
  url: string;
  headers: Record<string, string>;
}

/**
 * Inline manifests as Manifest resources. A text that does not parse becomes a problem and keeps no
 * other manifest from being applied.
 */
export function inlineManifests(settings: Pick<ClusterSettings, "inlineManifests">): {
  manifests: Manifest[];
  problems: string[];
} {
  const manifests: Manifest[] = [];
  const problems: string[] = [];
  for (const { name, contents } of settings.inlineManifests) {
    try {
      manifests.push({ id: `99-${name}`, objects: objectsOf(contents) });
    } catch (error) {
      problems.push(`inline manifest "${name}": ${(error as Error).message}`);
    }
  }
  return { manifests, problems };
}

/** What is to be fetched; the CNI's URLs sort first, then cloud provider, then extra manifests. */
export function manifestSources(
  settings: Pick<
    ClusterSettings,
    "cni" | "externalCloudProviderManifests" | "extraManifests" | "extraManifestHeaders"
  >,
): ManifestSource[] {
  const source = (priority: string, url: string, headers = {}) => ({
    id: `${priority}-${url}`,
    url,
    headers,
  });
  return [
    ...settings.cni.urls.map((url) => source("05", url)),
    ...settings.externalCloudProviderManifests.map((url) => source("30", url)),
    ...settings.extraManifests.map((url) => source("99", url, settings.extraManifestHeaders)),
  ];
}

/**
 * Fetches one manifest. The lab has no network but loopback, and says so for any other host.
 * @throws an Error that names the URL and why it cannot be had.
 */
export async function fetchManifest(source: ManifestSource): Promise<Manifest> {
  const failure = (reason: string) => new Error(`error downloading "${source.url}": ${reason}`);
  let host: string;
  try {
    host = new URL(source.url).hostname.replace(/^\[|\]$/g, "");
  } catch {
    throw failure("this is no URL");
  }
  if (!isLoopback(host)) {
    throw failure("the lab fetches from loopback addresses only");
  }
  let response: Response;
  try {
    response = await fetch(source.url, {
      headers: source.headers,
      redirect: "error",
      signal: AbortSignal.timeout(10_000),
    });
  } catch (error) {
    const { message, cause } = error as Error;
    throw failure(cause instanceof Error ? cause.message : message);
  }
  if (!response.ok) {
    throw failure(`bad response code: ${response.status}`);
  }
  return { id: source.id, objects: objectsOf(await response.text()) };
}

/**
 * Objects of a YAML text; lists are taken apart and empty documents left out, as Talos does.
 * @throws with the line of the first syntax error; the text itself may be secret and is not shown.
 */
export function objectsOf(yaml: string): Tree[] {
  return parseAllDocuments(yaml, { merge: true }).flatMap((document) => {
    const error = document.errors[0];
    if (error !== undefined) {
      throw new Error(`line ${error.linePos?.[0].line ?? "?"}: ${error.code}`);
    }
    const object = record(document.toJS());
    if (Object.keys(object).length === 0) {
      return [];
    }
    return Array.isArray(object.items) && String(object.kind).endsWith("List")
      ? records(object.items)
      : [object];
  });
}
