import * as pulumi from "@pulumi/pulumi";
import type { ClusterSpecInput } from "pulumi-talos-cilium";
import { TalosCluster, meshed } from "pulumi-talos-cilium";

const config = new pulumi.Config();

// Each is told of all others: ids, addresses and networks of pods stand in one place only.
const [first, ...rest] = meshed(config.requireObject<ClusterSpecInput[]>("clusters"));
if (!first) throw new pulumi.RunError("cluster-mesh:clusters names no cluster");

const one = new TalosCluster(first.clusterName, { spec: first });
// One CA signs for all: it is the first one's, from the others' first run on.
const others = rest.map(
  (spec) => new TalosCluster(spec.clusterName, { spec, ciliumCA: one.cilium.ca }),
);

const clusters = [one, ...others];
export const kubeconfigs = clusters.map(({ kubeconfig }) => kubeconfig);
export const bootstrapTimelines = clusters.map(({ bootstrapTimeline }) => bootstrapTimeline);
