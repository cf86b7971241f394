import type { ChartValues } from "../../values";
import { sameValues } from "../cli/sameValues";
import type { InstalledRelease } from "../pendingRevision";

/** How the release lags behind the stack, which a Job that has run cannot change. Pure. */
export function staleReleaseFaults(
  installed: InstalledRelease | undefined,
  { version, values }: { readonly version: string; readonly values: ChartValues },
): string[] {
  if (!installed) return ["release cilium in kube-system is not there"];
  const running = installed.release?.chart?.metadata?.version;
  const advice = "the Job installs once: choose the method release, which takes it over";
  if (running !== version.replace(/^v/, "")) {
    return [`release cilium is of version ${running}, not ${version}; ${advice}`];
  }
  return sameValues(installed.release?.config, values)
    ? []
    : [`release cilium has other values than this stack; ${advice}`];
}
