import * as semver from "semver";

import { cliVersionIn } from "../../components/cilium/cli/cliVersion";
import type { ClusterSpec } from "../../components/spec";
import { PRIVILEGED, TEST_NAMESPACE } from "./testNamespaces";

/** The CLI that the user has installed, on PATH. */
export const CILIUM = "cilium";

/** The first whose namespaces are named as {@link TEST_NAMESPACES} are. */
const OLDEST = "0.16.14";

const INSTALL =
  "install it from https://github.com/cilium/cilium-cli/releases, and see that it is on PATH";

/**
 * Refuses a CLI that this command cannot drive. Pure.
 *
 * @param text from `cliVersionText`
 * @throws Error with what to install
 */
export function checkCiliumCli(text: string | undefined): void {
  if (text === undefined) throw new Error(`the cilium CLI is not on PATH: ${INSTALL}`);
  const version = semver.valid(cliVersionIn(text));
  if (version === null) {
    throw new Error(
      `the program cilium on PATH says no version of cilium-cli, so it is another one: ${INSTALL}`,
    );
  }
  if (semver.lt(version, OLDEST)) {
    throw new Error(
      `cilium-cli ${version} is too old, it tests in other namespaces: install ${OLDEST} or newer`,
    );
  }
}

/**
 * The call of the CLI: test pods are spread over two nodes where there are two for them. Pure.
 *
 * @param more the user's own, which win
 */
export function testArguments(
  { nodes, allowSchedulingOnControlPlanes }: ClusterSpec,
  more: readonly string[],
): string[] {
  const forPods = nodes.filter(
    ({ machineType }) => machineType === "worker" || allowSchedulingOnControlPlanes,
  );
  const labels = Object.entries(PRIVILEGED).map(([key, value]) => `${key}=${value}`);
  return [
    ...["connectivity", "test", "--test-namespace", TEST_NAMESPACE],
    ...["--namespace-labels", labels.join(",")],
    ...(forPods.length < 2 ? ["--single-node"] : []),
    ...more,
  ];
}
