import type { ProviderInstance } from "./instance";
import { CORE } from "./readiness";
import { pluck } from "./plain";
import { decodeStoredRelease, type StoredRelease } from "./releaseState";

/** The revisions of a release that the cluster has, oldest first. */
export async function storedRevisions(
  instance: ProviderInstance,
  namespace: string,
  name: string,
): Promise<StoredRelease[]> {
  const kind = instance.settings.helmDriver.startsWith("configmap") ? "ConfigMap" : "Secret";
  const client = await instance.objects({ ...CORE, kind }, namespace);
  const selector = encodeURIComponent(`name=${name},owner=helm`);
  const objects = await client.list(`?labelSelector=${selector}`);
  return objects
    .map((object) => pluck(object, "data", "release"))
    .filter((data): data is string => typeof data === "string")
    .map((data) => decodeStoredRelease(unwrapped(data, kind)))
    .sort((a, b) => a.version - b.version);
}

/** The API server adds its own base64 to the data of a Secret. */
function unwrapped(data: string, kind: string): string {
  return kind === "Secret" ? Buffer.from(data, "base64").toString("utf8") : data;
}

/** The newest revision; undefined where there is no such release. */
export async function latestRevision(
  instance: ProviderInstance,
  namespace: string,
  name: string,
): Promise<StoredRelease | undefined> {
  return (await storedRevisions(instance, namespace, name)).at(-1);
}
