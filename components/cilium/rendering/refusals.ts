import type { Problem } from "../../problems";

/** Nothing here can render. */
export const HELM_MISSING: Problem = {
  id: "helm-missing",
  propertyPath: "cilium.installMethod",
  reason: "this method renders the chart in the program, by Helm, and there is no helm on PATH",
  fix: "install Helm 3.14 or newer, or name the program in HELM_BIN",
};

/** A render that no two runs have in common. */
export const FRESH_KEYS: Problem = {
  id: "fresh-keys",
  propertyPath: "cilium.values",
  reason: "with these values every render of the chart makes new private keys",
  fix: "leave the method of certificates out, so that they are made once, or take cronJob, certmanager or Secrets of your own",
};

/** Keys that a web server would hand to everybody. */
export const HOSTED_KEYS: Problem = {
  id: "hosted-keys",
  propertyPath: "cilium.values",
  reason:
    "the chart renders private keys from these values, and whoever reaches the URL reads them",
  fix: "leave them out, so that they come as Secrets behind the API gate, or choose the method inline",
};

/** What Helm says of a chart; its first line names the cause. Pure. */
export function notRendered(chart: string, reason: string): Problem {
  return {
    id: "chart-not-rendered",
    propertyPath: "cilium.chart",
    got: chart,
    reason: `helm template: ${reason.split("\n")[0]}`,
    fix: "give a chart that can be had from here, and values that it takes",
  };
}
