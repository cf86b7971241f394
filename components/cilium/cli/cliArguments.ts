import { type CiliumSpec, DEFAULT_CHART_REPOSITORY } from "../../spec";
import type { ChartValues } from "../../values";
import { mergeValues } from "../../values/chartValues";
import { isLocalChart } from "../chartProblems";
import { repositoryOf } from "../releaseValues";

/**
 * Arguments of Cilium's CLI. An upgrade begins at the chart's own values: the CLI would keep what the
 * release before had. Cilium's own repository is its default, which goes unsaid: then it takes the charts that
 * it has with it, and fetches the others. Pure.
 *
 * @param valuesFile where it finds {@link cliValues}
 */
export function cliArguments(
  command: "install" | "upgrade",
  cilium: Pick<CiliumSpec, "version" | "chart" | "repositoryOpts">,
  valuesFile: string,
): string[] {
  const { version, chart } = cilium;
  const repository = chart.includes("://") ? chart : repositoryOf(cilium as CiliumSpec).repo;
  const isDefault = repository === undefined || repository === DEFAULT_CHART_REPOSITORY;
  return [
    ...[command, "--namespace", "kube-system", "--version", version, "--values", valuesFile],
    ...(isLocalChart(chart)
      ? ["--chart-directory", chart]
      : isDefault
        ? []
        : ["--repository", repository]),
    ...(command === "upgrade" ? ["--reset-values"] : []),
  ];
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
