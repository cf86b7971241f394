// The whole package takes a tenth of a second to load, and every preview waits for it.
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import type * as pulumi from "@pulumi/pulumi";

import { type ServedKind, untilServed } from "../gates/served";
import type { CiliumSpec } from "../spec";
import { durationSeconds } from "../spec";
import { adopting, byImport, hooks, valueOf } from "../step";
import { judgeRelease } from "../upgradePath";
import type { ChartValues } from "../values";
import { otherManager } from "./handOver/otherManagers";
import { type Found, findRelease, healPendingRevision, nameTaken } from "./pendingRevision";
import { repositoryOf } from "./releaseValues";

/** Seconds that Helm has for one operation. Nothing waits in it for pods: it only applies objects. */
export const DEFAULT_RELEASE_TIMEOUT = 120;

/** Seconds that one operation of Helm or of Cilium's CLI has. Pure. */
export function operationTimeLimit({ timeout }: CiliumSpec, readyTimeout: number): number {
  return timeout ? durationSeconds(timeout) : Math.min(DEFAULT_RELEASE_TIMEOUT, readyTimeout);
}

/** What the release is made of, and where. */
export interface ReleaseArgs {
  readonly cilium: CiliumSpec;
  readonly values: ChartValues;
  /** Of the cluster, for a look at what is there; the release itself goes through `provider`. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Seconds; a shorter one shortens Helm's. */
  readonly readyTimeout: number;
  readonly provider: pulumi.ProviderResource;
  /** What the API server has to know before Helm asks it, such as Gateway API. */
  readonly served: readonly ServedKind[];
  /** Ids of rules that are not to be heard. */
  readonly silencedRules?: readonly string[];
}

/**
 * The release `cilium` in `kube-system`. It takes over one that a killed run installed, clears what
 * such a run left pending, and refuses one of another hand with the line that imports it, or with what
 * keeps it from being taken over.
 */
export function ciliumRelease(
  name: string,
  { cilium, values, kubeconfig, readyTimeout, provider, served, silencedRules }: ReleaseArgs,
  opts: pulumi.CustomResourceOptions,
): Release {
  const { chart, version } = cilium;
  const timeLimit = operationTimeLimit(cilium, readyTimeout);
  let found: Found | undefined;
  let fault: string | undefined;
  const heal = async () => healPendingRevision(await valueOf(kubeconfig), timeLimit);
  const untilKnown = async () => untilServed(await valueOf(kubeconfig), served, timeLimit);
  return new Release(
    name,
    {
      name: "cilium",
      namespace: "kube-system",
      chart,
      version,
      repositoryOpts: repositoryOf(cilium),
      values,
      timeout: timeLimit,
      // As Helm's own command line: without it every revision stays, half a megabyte each in etcd.
      maxHistory: 10,
      // Helm's wait passes with no agent ready on a small cluster; the gate behind it does not.
      skipAwait: true,
    },
    {
      ...opts,
      // The engine takes this from the old state: it cannot be added on the day it is needed.
      retainOnDelete: true,
      transforms: adopting(byImport("kube-system/cilium"), async () => {
        const access = await valueOf(kubeconfig);
        [fault, found] = await Promise.all([
          otherManager(access, "release"),
          findRelease(access, version, values),
        ]);
        return found === "ours" && fault === undefined;
      }),
      hooks: hooks(name, {
        beforeCreate: async ({ urn }) => {
          if (found === undefined) fault = await otherManager(await valueOf(kubeconfig), "release");
          if (fault !== undefined) throw new Error(fault);
          await untilKnown();
          // The transform looked a moment ago, and the window is too short to look twice.
          const newest = found === "none" ? undefined : (await heal()).newest;
          if (!newest) return;
          throw new Error(nameTaken(newest, { name, urn }, await valueOf(provider.urn)));
        },
        beforeUpdate: async ({ oldInputs, newInputs }) => {
          // The gate behind it has done so in the preview, where a chart on this machine changes nothing.
          judgeRelease(opts.parent, oldInputs, newInputs, silencedRules);
          await untilKnown();
          await heal();
        },
      }),
    },
  );
}
