import type { Problem } from "../problems";
import { type CiliumSpec, DEFAULT_CHART } from "../spec";
import { type ChartReference, chartReference } from "./chartReference";
import { ciliumObjects } from "./objects";

/**
 * What does not go with the way in which Cilium is installed.
 *
 * @param directory what a relative path of a chart is relative to
 */
export function methodProblems(cilium: CiliumSpec, directory = process.cwd()): Problem[] {
  switch (cilium.installMethod) {
    case "none":
      return objectsWithoutCilium(cilium);
    case "inline":
      return gatewayAPITooLate(cilium);
    case "hosted":
      return [...gatewayAPITooLate(cilium), ...hostedProblems(cilium)];
    case "cli":
      return [...settingsMissing(cilium, "cli"), ...chartForCLI(cilium, directory)];
    case "job":
      return [
        ...gatewayAPITooLate(cilium),
        ...settingsMissing(cilium, "cli"),
        ...chartForCLI(cilium, directory),
      ];
    default:
      return [];
  }
}

/** What is to be known of a way that others left. Pure. */
export function methodWarnings({ installMethod }: CiliumSpec): Problem[] {
  if (installMethod !== "job") return [];
  return [
    {
      id: "job-legacy",
      propertyPath: "cilium.installMethod",
      got: installMethod,
      reason:
        "the Job installs once: a later version or value does not reach Cilium, `talosctl upgrade-k8s` then fails at the changed Job, which is immutable, and what it applies anew gives the Job's account cluster-admin again, as does each boot up to Talos 1.12",
      fix: "choose inline, or go on with release after the first run",
    },
  ];
}

/** The operator looks for Gateway API once, when it starts, and Talos starts it before there is a way to wait. */
function gatewayAPITooLate({ gatewayAPI, installMethod }: CiliumSpec): Problem[] {
  if (!gatewayAPI) return [];
  return [
    {
      id: "gateway-api-inline",
      propertyPath: "cilium.gatewayAPI",
      got: { installMethod },
      reason:
        "Cilium starts with the bootstrap, before its CRDs can be there, and then Gateway API is off",
      fix: "choose the method release, manifests or cli",
    },
  ];
}

function hostedProblems(cilium: CiliumSpec): Problem[] {
  const { url } = cilium.hosted ?? {};
  if (url === undefined) return settingsMissing(cilium, "hosted");
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && /^https?:$/.test(parsed.protocol) && parsed.username === "") return [];
  return [
    {
      id: "hosted-url",
      propertyPath: "cilium.hosted.url",
      got: parsed ? `${parsed.protocol}//${parsed.host}${parsed.pathname}` : url,
      reason: "control planes fetch it with a plain GET, without a login",
      fix: "write an http or https URL without user and password",
    },
  ];
}

function settingsMissing(cilium: CiliumSpec, key: "hosted" | "cli"): Problem[] {
  if (cilium[key]) return [];
  const [reason, fix] =
    key === "hosted"
      ? ["control planes have to know where the manifest is", "add url: https://…"]
      : ["another version of Cilium's CLI installs other values", 'add version: "0.19.7"'];
  return [{ id: "method-settings", propertyPath: `cilium.${key}`, reason, fix }];
}

function chartForCLI({ chart, installMethod }: CiliumSpec, directory: string): Problem[] {
  const reference = chartReference(chart, directory);
  const fault = cliChartFault(chart, reference, installMethod === "job");
  if (!fault) return [];
  const [reason, fix] = fault;
  return [{ id: "cli-chart", propertyPath: "cilium.chart", got: chart, reason, fix }];
}

/** Why the CLI cannot have a chart, and the fix: it reads folders, and of repositories `cilium` alone. Pure. */
function cliChartFault(
  chart: string,
  reference: ChartReference,
  isJob: boolean,
): [reason: string, fix: string] | undefined {
  switch (reference.kind) {
    case "folder":
    case "archive":
      if (isJob) {
        const fix = "leave chart out and give repositoryOpts.repo, or an oci:// reference";
        return ["the Job runs on a node and has no file of this computer", fix];
      }
      if (reference.kind === "folder") return undefined;
      return [
        "Cilium's CLI reads a folder or a repository, and no archive",
        "unpack it and give the folder",
      ];
    case "name":
      return chart === DEFAULT_CHART ? undefined : [onlyCilium("repository"), CHOOSE_RELEASE];
    case "repoName":
      return [
        `there is no such folder here, and Cilium's CLI does not know what \`helm repo add\` called ${reference.repo}`,
        `write "${DEFAULT_CHART}" and the URL of ${reference.repo} as repositoryOpts.repo; for a folder, ./${chart}`,
      ];
    case "url":
      return [
        "Cilium's CLI takes a repository or an oci:// reference, and no archive behind a URL",
        `write "${DEFAULT_CHART}", and the repository that has it as repositoryOpts.repo`,
      ];
    case "oci":
      if (reference.name !== DEFAULT_CHART) return [onlyCilium("registry"), CHOOSE_RELEASE];
      if (reference.digest === undefined) return undefined;
      return [
        "Cilium's CLI fetches a chart by its version, and takes no digest",
        `write "oci://${reference.registry}/${reference.name}"`,
      ];
  }
}

const onlyCilium = (place: string) =>
  `Cilium's CLI asks a ${place} for a chart that is called ${DEFAULT_CHART}, and for no other`;
const CHOOSE_RELEASE = `give it the name ${DEFAULT_CHART} there, or choose the method release`;

/** Objects that wait for Cilium, where nothing here waits for it. */
function objectsWithoutCilium(cilium: CiliumSpec): Problem[] {
  const names = ciliumObjects(cilium)
    .filter(({ when }) => when !== "beforeRelease")
    .map(({ manifest }) => `${manifest.kind} ${manifest.metadata.name}`);
  if (names.length === 0) return [];
  return [
    {
      id: "nothing-installs-cilium",
      propertyPath: "cilium.installMethod",
      got: cilium.installMethod,
      reason: `${names.join(", ")}: made behind a Cilium that runs, and nothing here installs or awaits one`,
      fix: "hand these objects to whatever installs Cilium, or choose another method",
    },
  ];
}
