import type { Release } from "./releaseInputs";

/** Arguments of a release that are switches of both commands. */
const both: Record<string, string> = {
  atomic: "--atomic",
  devel: "--devel",
  dependencyUpdate: "--dependency-update",
  renderSubchartNotes: "--render-subchart-notes",
};
const onlyInstall: Record<string, string> = {
  createNamespace: "--create-namespace",
  disableOpenapiValidation: "--disable-openapi-validation",
  disableWebhooks: "--no-hooks",
  replace: "--replace",
  skipCrds: "--skip-crds",
};
const onlyUpgrade: Record<string, string> = {
  cleanupOnFail: "--cleanup-on-fail",
  // The real provider takes this switch, and not `disableWebhooks`, for an upgrade.
  disableCRDHooks: "--no-hooks",
  forceUpdate: "--force",
  recreatePods: "--recreate-pods",
  resetValues: "--reset-values",
  reuseValues: "--reuse-values",
};

/**
 * The helm command line for a release; its values are read from standard input.
 * @param chart the chart and where it is from
 */
export function helmArguments(
  command: "install" | "upgrade",
  release: Release,
  chart: readonly string[],
): string[] {
  const switches = { ...both, ...(command === "install" ? onlyInstall : onlyUpgrade) };
  const args = [command, release.name, ...chart, "--namespace", release.namespace];
  args.push("--values", "-", "--timeout", `${release.timeout || 300}s`);
  for (const [name, flag] of Object.entries(switches)) {
    if (release[name] === true && !args.includes(flag)) args.push(flag);
  }
  if (release.skipAwait !== true) {
    args.push("--wait");
    if (release.waitForJobs === true) args.push("--wait-for-jobs");
  }
  if (release.description) args.push("--description", String(release.description));
  if (release.postrender) args.push("--post-renderer", String(release.postrender));
  if (command === "upgrade") {
    args.push(
      "--history-max",
      String(typeof release.maxHistory === "number" ? release.maxHistory : 0),
    );
  }
  return args;
}
