import * as path from "node:path";

import { cacheFolder } from "../binaries/cacheFolder";
import { downloadPlugins, isOutOfReach } from "../engine/downloadPlugins";
import { engineFolder } from "../engine/engineFolder";
import { provideRealPlugins, userPluginFolder, wantedPlugins } from "../engine/plugins";
import type { ResourcePlugin } from "../engine/plugins";
import type { Progress } from "./progress";
import { ROOT, type Stack } from "./stack";

export type ProviderName = ResourcePlugin["name"];

/** Set to `lab`, the lab's own providers are used although the real plugins could be had; tests want `real` for these. */
const CHOICE = "LAB_PROVIDERS";

/** The lab's own plugin cache, for those that it downloaded. */
function downloadHome(env: NodeJS.ProcessEnv): string {
  return path.join(path.dirname(cacheFolder(env)), "pulumi");
}

/**
 * Finds the real plugins that are installed, by the user or by an earlier lab.
 *
 * @returns their names; the lab's own providers stand in for the others
 */
export function installedProviders(
  stack: Pick<Stack, "dir" | "name">,
  env = process.env,
): Set<ProviderName> {
  const { home } = engineFolder(stack.dir, stack.name);
  const wanted = env[CHOICE] === "lab" ? [] : wantedPlugins(ROOT);
  const folders = [userPluginFolder(env), path.join(downloadHome(env), "plugins")];
  return provideRealPlugins(wanted, folders, home);
}

/** The plugins that are neither installed nor known to be out of reach. */
export function pluginsToFetch(
  installed: ReadonlySet<ProviderName>,
  env = process.env,
): ResourcePlugin[] {
  if (env[CHOICE] === "lab" || isOutOfReach(downloadHome(env))) return [];
  return wantedPlugins(ROOT).filter(({ name }) => !installed.has(name));
}

/** Downloads the plugins that are not installed, where their releases can be reached. */
export async function fetchProviders(
  stack: Stack,
  cli: string,
  progress: Progress,
  env = process.env,
): Promise<Set<ProviderName>> {
  const installed = installedProviders(stack, env);
  const missing = pluginsToFetch(installed, env);
  if (missing.length === 0) return installed;
  await downloadPlugins(cli, downloadHome(env), missing, ({ name, version }) =>
    progress.step(`downloading the ${name} provider ${version}`),
  );
  progress.endAll();
  return installedProviders(stack, env);
}
