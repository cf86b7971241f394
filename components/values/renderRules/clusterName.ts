import type { ChartValues } from "../chartValues";
import { either, get, on, type RenderRule } from "./renderRule";

/** Name and id of the cluster. */
export const clusterNameRules: readonly RenderRule[] = [
  {
    path: "cluster.name",
    since: 16,
    breaks: (values) =>
      !/^(?=.{1,32}$)([a-z0-9][-a-z0-9]*)?[a-z0-9]$/.test(String(clusterName(values))),
    reason: "a name has 1 to 32 lower-case letters, digits and hyphens, and no hyphen at its ends",
    fix: "choose such a name",
  },
  {
    path: "cluster.name",
    since: 16,
    breaks: (values) => clusterName(values) === "default" && clusterId(values) !== 0,
    reason: "a cluster with an id needs a name of its own",
    fix: "set cluster.name to something other than default",
  },
  {
    path: "cluster.id",
    since: 16,
    breaks: (values) => {
      const id = clusterId(values);
      return (
        ((id >= 128 && id <= 255) || (id >= 384 && id <= 511)) &&
        usesMarksOfTheCloud(values) &&
        get(values, "extraConfig.allow-unsafe-policy-skb-usage") !== "true"
      );
    },
    reason: "in ENI mode, AlibabaCloud's or chained to aws-cni, policies drop traffic with this id",
    fix: "set an id below 128, or from 256 to 383",
  },
];

function clusterName(values: ChartValues): unknown {
  return either(values, "cluster.name", "default") ?? "";
}

function clusterId(values: ChartValues): number {
  return Number(get(values, "cluster.id") ?? 0);
}

function usesMarksOfTheCloud(values: ChartValues): boolean {
  return (
    on(values, "eni.enabled") ||
    on(values, "alibabacloud.enabled") ||
    get(values, "cni.chainingMode") === "aws-cni"
  );
}
