import { KubernetesApiError, type KubernetesApi, type KubernetesObject } from "./kubernetesApi";

interface List<T> {
  metadata: { resourceVersion: string };
  items: T[];
}

/** What happened to an object; `deleted` objects are given in their last known state. */
export type OnObject<T> = (object: T, deleted: boolean) => void;

/**
 * Lists a resource and watches it from there on, again after every interruption, until `signal`.
 * Objects that vanished meanwhile are reported as deleted.
 * @param path collection, such as `/api/v1/pods`.
 * @param onSynced called after each complete list.
 */
export async function watchList<T extends KubernetesObject>(
  api: KubernetesApi,
  path: string,
  onObject: OnObject<T>,
  signal: AbortSignal,
  onSynced: () => void = () => undefined,
): Promise<void> {
  const known = new Map<string, T>();
  const note = (object: T, deleted: boolean) => {
    const uid = object.metadata.uid ?? "";
    if (deleted) {
      known.delete(uid);
    } else {
      known.set(uid, object);
    }
    onObject(object, deleted);
  };
  while (!signal.aborted) {
    try {
      const list = await api.get<List<T>>(path);
      const listed = new Set(list.items.map(({ metadata }) => metadata.uid));
      for (const [uid, object] of [...known]) {
        if (!listed.has(uid)) {
          note(object, true);
        }
      }
      list.items.forEach((object) => note(object, false));
      onSynced();
      let resourceVersion = list.metadata.resourceVersion;
      while (!signal.aborted) {
        const query = `watch=true&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`;
        await api.watch<T>(
          `${path}${path.includes("?") ? "&" : "?"}${query}`,
          ({ type, object }) => {
            if (type === "ERROR") {
              throw new KubernetesApiError("the watch is too old", 410, "Expired");
            }
            resourceVersion = object.metadata.resourceVersion ?? resourceVersion;
            if (type !== "BOOKMARK") {
              note(object, type === "DELETED");
            }
          },
          signal,
        );
      }
    } catch {
      // The server restarts, is not there yet, or forgot the version: list again.
      await pause(300, signal);
    }
  }
}

/** Waits; ends early, without an error, when `signal` is aborted. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done);
  });
}
