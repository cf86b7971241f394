import { type CiliumSpec, DEFAULT_CHART_REPOSITORY } from "../../spec";
import type { ChartValues } from "../../values";
import { mergeValues } from "../../values/chartValues";
import { chartReference } from "../chartReference";
import { repositoryOf } from "../releaseValues";

/**
 * Arguments of Cilium's CLI. An upgrade begins at the chart's own values: the CLI would keep what the
 * release before had. Cilium's own repository is its default, which goes unsaid: then it takes the charts that
 * it has with it, and fetches the others.
 *
 * @param valuesFile where it finds {@link cliValues}
 */
export function cliArguments(
  command: "install" | "upgrade",
  cilium: Pick<CiliumSpec, "version" | "chart" | "repositoryOpts">,
  valuesFile: string,
): string[] {
  const { version } = cilium;
  return [
    ...[command, "--namespace", "kube-system", "--version", version, "--values", valuesFile],
    ...placeArguments(cilium),
    ...(command === "upgrade" ? ["--reset-values"] : []),
  ];
}

/** Of the places that there are, those that `methodProblems` leaves. */
function placeArguments(cilium: Pick<CiliumSpec, "chart" | "repositoryOpts">): string[] {
  const reference = chartReference(cilium.chart);
  if (reference.kind === "folder") return ["--chart-directory", cilium.chart];
  // The version is the tag, and the CLI has that already.
  if (reference.kind === "oci") {
    return ["--repository", `oci://${reference.registry}/${reference.name}`];
  }
  const { repo } = repositoryOf(cilium as CiliumSpec);
  return repo === undefined || repo === DEFAULT_CHART_REPOSITORY ? [] : ["--repository", repo];
}

/** What the CLI guesses from the kubeconfig and from what runs, where nobody says it: here as the chart has it. */
const GUESSED: ChartValues = {
  cluster: { name: "default" },
  k8sServiceHost: "",
  k8sServicePort: "",
  routingMode: "",
  tunnelProtocol: "",
};

/** The values, and those that the CLI would see otherwise than Helm does where they are left out. Pure. */
export function cliValues(values: ChartValues): ChartValues {
  return mergeValues(GUESSED, values);
}
