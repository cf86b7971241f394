import type { HelmOptions } from "./helm";
import type { ProviderInstance } from "./instance";

/** What the releases and charts of a server share. */
export interface HelmTools {
  /** Path of the helm binary. */
  helm: string;
  /** What relative paths of charts and values files start from. */
  directory: string;
}

/** How helm runs for a provider resource: its settings, and its cluster where that answers. */
export function helmOptions({ directory }: HelmTools, instance: ProviderInstance): HelmOptions {
  const { helmDriver, helmEnvironment } = instance.settings;
  return {
    directory,
    environment: {
      ...helmEnvironment,
      HELM_DRIVER: helmDriver,
      ...(instance.unreachable === undefined ? { KUBECONFIG: instance.kubeconfigFile() } : {}),
    },
  };
}
