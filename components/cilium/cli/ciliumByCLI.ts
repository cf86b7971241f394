import * as pulumi from "@pulumi/pulumi";
import { Stash } from "@pulumi/pulumi/stash";

import { formatProblems } from "../../problems";
import { hooks, valueOf } from "../../step";
import { type ReleaseArgs, operationTimeLimit } from "../release";
import { cliValues } from "./cliArguments";
import { cliProblems } from "./cliVersion";
import { installByCLI } from "./installByCLI";

/**
 * Cilium as its own CLI installs it: a Stash whose input is what is installed, and in front of whose
 * creation or change `cilium install` or `cilium upgrade` runs. A run that was killed goes on.
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
  return new Stash(
    name,
    {
      input: {
        cluster: args.clusterIdentifier,
        cli: cilium.cli?.version,
        ...{ version, chart, ...repositoryOpts, values },
      },
    },
    {
      ...opts,
      // The engine takes this from the old state: it cannot be added on the day it is needed.
      retainOnDelete: true,
      hooks: hooks(name, { beforeCreate: run(false), beforeUpdate: run(true) }),
    },
  );
}
