import * as pulumi from "@pulumi/pulumi";
import { Stash } from "@pulumi/pulumi/stash";

import { hashOf } from "../../hash";
import { formatProblems } from "../../problems";
import { hooks, valueOf } from "../../step";
import { type ReleaseArgs, operationTimeLimit } from "../release";
import { cliValues } from "./cliArguments";
import { cliProblems } from "./cliVersion";
import { installByCLI } from "./installByCLI";

/**
 * Cilium as its own CLI installs it: a Stash whose input is what is installed, and in front of whose
 * creation or change `cilium install` or `cilium upgrade` runs. A run that was killed goes on. Before it
 * stands `<name>-attempt`, which every other wish replaces: what failed is no part of the state, and
 * to take the wish back would be no change.
 *
 * @throws ResourceError where PATH has no CLI of the version
 */
export function ciliumByCLI(
  name: string,
  args: ReleaseArgs & { readonly clusterIdentifier: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): Stash {
  const { cilium, kubeconfig, readyTimeout } = args;
  const problems = cliProblems(cilium);
  if (problems.length > 0) {
    throw new pulumi.ResourceError(formatProblems(problems), opts.parent, true);
  }
  const { version, chart, repositoryOpts } = cilium;
  const values = cliValues(args.values);
  const timeLimit = operationTimeLimit(cilium, readyTimeout);
  const run = (isOurs: boolean) => async () =>
    installByCLI(await valueOf(kubeconfig), { ...args, timeLimit }, isOurs);
  const wanted = { cli: cilium.cli?.version, version, chart, ...repositoryOpts, values };
  const attempt = new Stash(
    `${name}-attempt`,
    { input: hashOf(wanted) },
    // Another id is what tells attempts for the same apart.
    { ...opts, replaceOnChanges: ["input"] },
  );
  return new Stash(
    name,
    { input: { cluster: args.clusterIdentifier, ...wanted, attempt: attempt.id } },
    {
      ...opts,
      // The engine takes this from the old state: it cannot be added on the day it is needed.
      retainOnDelete: true,
      hooks: hooks(name, { beforeCreate: run(false), beforeUpdate: run(true) }),
    },
  );
}
