import { hashOf } from "../../hash";
import type { InstalledRelease } from "../pendingRevision";

/** What is to be done about the release that is there. */
export type NextCommand = "install" | "upgrade" | "nothing" | "refuse";

/**
 * What Cilium's CLI has to do. A killed or failed run is gone on with, and a release of another hand is
 * not touched. Pure.
 *
 * @param isOurs whether the state knows the release
 */
export function nextCommand(
  installed: InstalledRelease | undefined,
  wanted: { readonly version: string; readonly values: unknown },
  isOurs: boolean,
): NextCommand {
  if (!installed) return "install";
  const { status, release } = installed;
  const isAsWanted =
    release?.chart?.metadata?.version === wanted.version.replace(/^v/, "") &&
    contains(release.config, wanted.values);
  if (isAsWanted) return status === "deployed" ? "nothing" : "upgrade";
  return isOurs ? "upgrade" : "refuse";
}

/** Whether values hold all of the others, and those of their own only beside them. Pure. */
export function contains(values: unknown, part: unknown): boolean {
  if (!isObject(part)) return values !== undefined && hashOf(values) === hashOf(part);
  if (!isObject(values)) return false;
  return Object.entries(part).every(([key, value]) => contains(values[key], value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
