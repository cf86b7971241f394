import type { Problem } from "../problems";
import type { CiliumSpec } from "../spec";
import { isLocalChart } from "./chartProblems";
import { ciliumObjects } from "./objects";

/** What does not go with the way in which Cilium is installed. Pure. */
export function methodProblems(cilium: CiliumSpec): Problem[] {
  switch (cilium.installMethod) {
    case "none":
      return objectsWithoutCilium(cilium);
    case "inline":
      return gatewayAPITooLate(cilium);
    case "hosted":
      return [...gatewayAPITooLate(cilium), ...hostedProblems(cilium)];
    case "cli":
      return [...settingsMissing(cilium, "cli"), ...chartForCLI(cilium)];
    case "job":
      return [
        ...gatewayAPITooLate(cilium),
        ...settingsMissing(cilium, "cli"),
        ...chartForCLI(cilium),
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

/** The CLI reads folders and repositories; a Job has no files of this computer. */
function chartForCLI({ chart, installMethod }: CiliumSpec): Problem[] {
  const isJob = installMethod === "job";
  if (!isLocalChart(chart) || (!isJob && !chart.endsWith(".tgz"))) return [];
  return [
    {
      id: "cli-chart",
      propertyPath: "cilium.chart",
      got: chart,
      reason: isJob
        ? "the Job runs on a node and has no file of this computer"
        : "Cilium's CLI reads a folder or a repository, and no archive",
      fix: isJob
        ? "leave chart out and give repositoryOpts.repo, or an oci:// reference"
        : "unpack it and give the folder",
    },
  ];
}

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
