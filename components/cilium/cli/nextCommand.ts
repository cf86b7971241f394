import type { ChartValues } from "../../values";
import type { InstalledRelease } from "../pendingRevision";
import { sameValues } from "./sameValues";

/** What is to be done about the release that is there. */
export type NextCommand = "install" | "upgrade" | "nothing" | "refuse";

/**
 * What Cilium's CLI has to do. A killed or failed run is gone on with, and a release of another hand is
 * not touched. Pure.
 *
 * @param isOurs whether the state knows the release
 * @param isCutOff whether a run died in it, whose revision is gone and whose objects may be half applied
 */
export function nextCommand(
  installed: InstalledRelease | undefined,
  wanted: { readonly version: string; readonly values: ChartValues },
  { isOurs, isCutOff = false }: { readonly isOurs: boolean; readonly isCutOff?: boolean },
): NextCommand {
  if (!installed) return "install";
  const { status, release } = installed;
  const isAsWanted =
    release?.chart?.metadata?.version === wanted.version.replace(/^v/, "") &&
    sameValues(release.config, wanted.values);
  if (isAsWanted) return status === "deployed" && !isCutOff ? "nothing" : "upgrade";
  return isOurs ? "upgrade" : "refuse";
}
