import * as pulumi from "@pulumi/pulumi";
import type { ClusterSpecInput } from "pulumi-talos-cilium";
import { TalosCluster } from "pulumi-talos-cilium";

const config = new pulumi.Config();

// The name of a component is the identity of all below it: two of them never meet.
const east = new TalosCluster("east", { spec: config.requireObject<ClusterSpecInput>("east") });
const west = new TalosCluster("west", { spec: config.requireObject<ClusterSpecInput>("west") });

export const kubeconfigs = { east: east.kubeconfig, west: west.kubeconfig };
export const bootstrapTimelines = {
  east: east.bootstrapTimeline,
  west: west.bootstrapTimeline,
};
