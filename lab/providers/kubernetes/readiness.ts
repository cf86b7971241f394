import type { Severity } from "../implementation";
import type { KubernetesObject, ObjectClient } from "./objects";
import type { GroupVersionKind } from "./kinds";

/** What a look at an object and its surroundings found. */
export interface Progress {
  ready: boolean;
  object: KubernetesObject;
  /** For the display; a repeated one is shown once. */
  messages: { severity: Severity; text: string }[];
  /** Why it is not ready, for the error once the time is up. */
  errors: string[];
  /** It will never be ready. */
  failed?: boolean;
}

/** What a kind's check may look at. */
export interface Surroundings {
  /** Objects of another kind in the awaited object's namespace. */
  objects(gvk: GroupVersionKind): Promise<ObjectClient>;
  /** The object as it was before an update; undefined after a creation. */
  last: KubernetesObject | undefined;
  /** Milliseconds since the wait began; undefined for a single look. */
  elapsed: number | undefined;
}

/** Says whether an object of one kind is ready. `object` is its newest version. */
export type Check = (object: KubernetesObject, surroundings: Surroundings) => Promise<Progress>;

/** The object exists, but it is not ready. */
export class NotReadyError extends Error {
  constructor(
    message: string,
    readonly object: KubernetesObject,
    readonly reasons: string[],
  ) {
    super(message);
  }
}

export const APPS = { group: "apps", version: "v1" };
export const CORE = { group: "", version: "v1" };
