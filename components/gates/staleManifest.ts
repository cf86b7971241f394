import type { V1ConfigMap } from "@kubernetes/client-node";

import type { ClusterSnapshot } from "./clusterSnapshot";

/** What of a rendered Cilium says whether the cluster runs it. */
export interface RenderedSettings {
  /** Data of ConfigMap `cilium-config`. */
  readonly config: Readonly<Record<string, string>>;
  /** Image of the agents. */
  readonly image: string | undefined;
}

/**
 * How the cluster lags behind the machine configuration: Talos makes the objects of a manifest once
 * and changes nothing that is there. Pure.
 *
 * @param config the live `cilium-config`; what is not there is named by other checks.
 * @param cure the command that brings it in line.
 */
export function staleManifestFaults(
  rendered: RenderedSettings,
  { daemonSets }: Pick<ClusterSnapshot, "daemonSets">,
  config: Pick<V1ConfigMap, "data"> | undefined,
  cure: string,
): string[] {
  const agents = daemonSets.find(({ metadata }) => metadata?.name === "cilium");
  const images = agents?.spec?.template.spec?.containers.map(({ image }) => image) ?? [];
  const live = config?.data ?? {};
  const keys = config ? Object.keys({ ...live, ...rendered.config }) : [];
  const changed = keys.filter((key) => live[key] !== rendered.config[key]).sort();
  const advice = `Talos changes nothing that is there by itself, so run \`${cure}\``;
  return [
    ...(changed.length > 0
      ? [
          `ConfigMap cilium-config is older than the machine configuration (${few(changed)}): ${advice}`,
        ]
      : []),
    ...(agents && rendered.image !== undefined && !images.includes(rendered.image)
      ? [
          `DaemonSet cilium does not run ${rendered.image}, as the machine configuration has it: ${advice}`,
        ]
      : []),
  ];
}

/** The first of many, in a line. */
export function few(keys: readonly string[]): string {
  return keys.length > 5 ? `${keys.slice(0, 5).join(", ")}, …` : keys.join(", ");
}
