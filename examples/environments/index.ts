import * as pulumi from "@pulumi/pulumi";
import type { ClusterSpecInput } from "pulumi-talos-cilium";
import { TalosCluster } from "pulumi-talos-cilium";

import { platform } from "./platform";

type Environment = Partial<ClusterSpecInput> &
  Pick<ClusterSpecInput, "clusterEndpoint" | "kubernetesVersion" | "nodes">;

const environment = new pulumi.Config().requireObject<Environment>("cluster");

// Production keeps its machine secrets whatever happens; any other environment may be thrown away.
const cluster = new TalosCluster("platform", {
  spec: {
    clusterName: pulumi.getStack(),
    protect: pulumi.getStack() === "production",
    ...platform,
    ...environment,
    cilium: { ...platform.cilium, ...environment.cilium },
  },
});

export const kubeconfig = cluster.kubeconfig;
export const versions = cluster.versions;
export const bootstrapTimeline = cluster.bootstrapTimeline;
