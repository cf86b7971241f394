import * as pulumi from "@pulumi/pulumi";
import { Stash } from "@pulumi/pulumi/stash";

import { untilServed } from "../../gates/served";
import { formatProblems } from "../../problems";
import { hooks, valueOf } from "../../step";
import { healPendingRevision, newestRelease } from "../pendingRevision";
import { type ReleaseArgs, operationTimeLimit } from "../release";
import { cliValues } from "./cliArguments";
import { cliProblems } from "./cliVersion";
import { nextCommand } from "./nextCommand";
import { runCLI } from "./runCLI";

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
  const { cilium, kubeconfig, served, readyTimeout } = args;
  const problems = cliProblems(cilium);
  if (problems.length > 0) {
    throw new pulumi.ResourceError(formatProblems(problems), opts.parent, true);
  }
  const { version, chart, repositoryOpts } = cilium;
  const values = cliValues(args.values);
  const timeLimit = operationTimeLimit(cilium, readyTimeout);
  const run = (isOurs: boolean) => async () => {
    const access = await valueOf(kubeconfig);
    await untilServed(access, served, timeLimit);
    await healPendingRevision(access, timeLimit);
    const installed = await newestRelease(access);
    // A release that Helm made has none of what the CLI would guess.
    const command = nextCommand(installed, { version, values: args.values }, isOurs);
    if (command === "refuse") throw new Error(ANOTHER_RELEASE);
    if (command !== "nothing") await runCLI(command, { cilium, values, timeLimit }, access);
  };
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

const ANOTHER_RELEASE =
  "release cilium in kube-system is there already, with another version or other values, and this stack " +
  "knows nothing of it. Give those of the release, which `helm get values cilium --namespace kube-system` " +
  "prints, or let installMethod: release take it over first; then run `pulumi up` again";
