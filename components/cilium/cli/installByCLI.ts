import { untilServed } from "../../gates/served";
import { otherManager } from "../handOver/otherManagers";
import { healPendingRevision, newestRelease } from "../pendingRevision";
import type { ReleaseArgs } from "../release";
import { cliValues } from "./cliArguments";
import { nextCommand } from "./nextCommand";
import { runCLI } from "./runCLI";

/** What is to be there. */
export interface WantedByCLI extends Pick<ReleaseArgs, "cilium" | "values" | "served"> {
  /** Seconds that one run of the CLI has. */
  readonly timeLimit: number;
}

/**
 * Runs the CLI as far as the release is not there as wanted: a run that was killed or failed is gone on with.
 *
 * @param isOurs whether the state knows the release; one that it does not know is taken over
 * @throws where somebody else manages Cilium, or has installed another one
 */
export async function installByCLI(
  kubeconfig: string,
  { cilium, values, served, timeLimit }: WantedByCLI,
  isOurs: boolean,
): Promise<void> {
  const fault = isOurs ? undefined : await otherManager(kubeconfig, "cli");
  if (fault !== undefined) throw new Error(fault);
  await untilServed(kubeconfig, served, timeLimit);
  const { removed } = await healPendingRevision(kubeconfig, timeLimit);
  const installed = await newestRelease(kubeconfig);
  const wanted = { version: cilium.version, values };
  const command = nextCommand(installed, wanted, { isOurs, isCutOff: removed });
  if (command === "refuse") throw new Error(ANOTHER_RELEASE);
  if (command === "nothing") return;
  await runCLI(command, { cilium, values: cliValues(values), timeLimit }, kubeconfig);
}

const ANOTHER_RELEASE =
  "release cilium in kube-system is there already, with another version or other values, and this stack " +
  "knows nothing of it. Give those of the release, which `helm get values cilium --namespace kube-system` " +
  "prints, or let installMethod: release take it over first; then run `pulumi up` again";
