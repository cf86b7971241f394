import * as pulumi from "@pulumi/pulumi";

import { ClusterApi } from "../gates/clusterApi";
import { formatProblems } from "../problems";
import type { CiliumSpec } from "../spec";
import { hasReached } from "../spec/cilium/migration";
import { gate, valueOf } from "../step";
import { removeFlannel, removeKubeProxy } from "./leftovers";
import { moveNode } from "./moveNode";
import { formatPlan, migrationPlan } from "./plan";
import { migrationProblems } from "./problems";
import { readFacts } from "./readFacts";
import { migrationTarget } from "./target";

/** Seconds that a preview waits for a cluster, to show how far it is. */
const PREVIEW_PATIENCE = 10;
const NO_NODES =
  "cilium.migration moves nodes one by one, and none is named: write cilium.migration.nodes, or give the component nodes";
const REFUSED = "the cluster cannot be moved from Flannel to Cilium like this:";

export interface MigrationArgs {
  /** As the spec has it, not as its stage does; it has a migration. */
  readonly cilium: CiliumSpec;
  readonly clusterIdentifier: pulumi.Input<string>;
  readonly kubeconfig: pulumi.Output<string>;
  /** Hostnames in the order in which they move. */
  readonly order: readonly string[];
  /** Seconds until a step gives up. */
  readonly readyTimeout: number;
}

/**
 * The gate `<name>-migration`, which everything of Cilium comes behind: it opens where the cluster can
 * go on to its stage. A preview shows the plan, and refuses where it knows the cluster already.
 */
export function migrationGate(
  name: string,
  { cilium, clusterIdentifier, kubeconfig, order }: MigrationArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const target = migrationTarget(cilium, order);
  const factsOf = async (access: string) => readFacts(await ClusterApi.connect(access));
  const { stage, podSubnets, nodes } = cilium.migration!;
  if (pulumi.runtime.isDryRun()) void showPlan();
  return gate(
    `${name}-migration`,
    { cluster: clusterIdentifier, stage, podSubnets, nodes },
    async () => {
      const problems = migrationProblems(await factsOf(await valueOf(kubeconfig)), target);
      if (problems.length > 0) throw new Error(formatProblems(problems, REFUSED));
    },
    opts,
  );

  async function showPlan(): Promise<void> {
    const access = await known(kubeconfig);
    const facts = access && (await within(PREVIEW_PATIENCE, factsOf(access)));
    const problems = facts ? migrationProblems(facts, target) : [];
    const plan = migrationPlan(target, facts || undefined);
    if (plan.some(({ state }) => state !== "done"))
      void pulumi.log.info(formatPlan(target, plan), opts.parent);
    if (problems.length > 0)
      throw new pulumi.ResourceError(formatProblems(problems, REFUSED), opts.parent, true);
  }
}

/**
 * What a migration does behind a Cilium that is ready: the nodes one after the other, each a gate
 * `<name>-move-<hostname>`, and in the end `<name>-flannel-removed` and `<name>-kube-proxy-removed`.
 *
 * @param opts what the first of them comes behind
 */
export function migrationSteps(
  name: string,
  { cilium, clusterIdentifier: cluster, kubeconfig, order, readyTimeout }: MigrationArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const { stage, podSubnets, moving, replacesKubeProxy } = migrationTarget(cilium, order);
  let behind = opts;
  const step = (suffix: string, input: object, act: (api: ClusterApi) => Promise<void>) => {
    const made = gate(
      `${name}-${suffix}`,
      { cluster, ...input },
      async () => act(await ClusterApi.connect(await valueOf(kubeconfig))),
      behind,
    );
    behind = { ...opts, dependsOn: [made] };
  };
  if (stage === "nodes") {
    if (moving.length === 0) throw new pulumi.ResourceError(NO_NODES, opts.parent, true);
    for (const hostname of moving) {
      step(`move-${hostname}`, { hostname, podSubnets }, (api) =>
        moveNode(api, hostname, podSubnets, readyTimeout),
      );
    }
  }
  if (!hasReached("done", { stage })) return;
  step("flannel-removed", { podSubnets }, (api) => removeFlannel(api, readyTimeout));
  if (replacesKubeProxy)
    step("kube-proxy-removed", {}, (api) => removeKubeProxy(api, readyTimeout));
}

/** The value of an output; undefined where it is not known in this preview. */
async function known(output: pulumi.Output<string>): Promise<string | undefined> {
  // The SDK says it to itself only; `apply` would wait for ever.
  const { isKnown } = output as unknown as { readonly isKnown: Promise<boolean> };
  return (await isKnown) ? valueOf(output) : undefined;
}

/** What comes within these seconds; undefined for what fails or is late. */
async function within<T>(seconds: number, coming: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000, undefined);
  });
  const first = await Promise.race([coming.catch(() => undefined), late]);
  clearTimeout(timer);
  return first;
}
