import * as pulumi from "@pulumi/pulumi";

import { ClusterApi } from "./clusterApi";
import { poll } from "./poll";

/** A kind that comes from a CRD, as the API server lists it. */
export interface ServedKind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

/**
 * Waits until the API server serves these kinds: a CRD is there a moment before its kind is.
 *
 * @throws after `giveUpAfter` seconds, naming those that are not
 */
export async function untilServed(
  kubeconfig: string,
  kinds: readonly ServedKind[],
  giveUpAfter: number,
): Promise<void> {
  if (kinds.length === 0) return;
  const api = await ClusterApi.connect(kubeconfig);
  await poll({
    giveUpAfter,
    interval: 200,
    progress: (state) => pulumi.log.info(state, undefined, undefined, true),
    attempt: async () => {
      const lacking = unserved(kinds, await served(api, kinds));
      if (lacking.length === 0) return { done: true };
      const state = `the API server does not serve ${lacking.join(", ")} yet`;
      const failure = () => `${state}: their CRDs have to be installed before Cilium`;
      return { done: false, state, failure };
    },
  });
}

/** Those that are not among the names that each group and version has. Pure. */
export function unserved(
  kinds: readonly ServedKind[],
  resources: ReadonlyMap<string, readonly string[]>,
): string[] {
  return kinds
    .filter(({ group, version, plural }) => !resources.get(`${group}/${version}`)?.includes(plural))
    .map(({ group, version, plural }) => `${plural}.${group}/${version}`);
}

async function served(
  api: ClusterApi,
  kinds: readonly ServedKind[],
): Promise<Map<string, string[]>> {
  const versions = [...new Set(kinds.map(({ group, version }) => `${group}/${version}`))];
  const lists = await Promise.all(
    versions.map(async (version): Promise<[string, string[]]> => {
      const list = await api.get<{ resources: { name: string }[] }>(`/apis/${version}`);
      return [version, list?.resources.map(({ name }) => name) ?? []];
    }),
  );
  return new Map(lists);
}
