import * as pulumi from "@pulumi/pulumi";

import { TalosCluster, formatProblems } from "./components";
import { loadClusterSpec } from "./components/loadClusterSpec";

/**
 * The program: stack configuration → cluster spec → cluster → outputs.
 *
 * Nothing is made before the whole configuration is known to be good.
 */
export = async function program() {
  const { spec, secretPatches, problems } = loadClusterSpec();
  if (!spec) throw new pulumi.RunError(formatProblems(problems));

  // The name is identity: it stands in the URN of every resource, so it is not the cluster's name.
  const cluster = new TalosCluster("talos", { spec, secretPatches });

  const { handOver } = cluster.cilium;

  return {
    kubeconfig: cluster.kubeconfig,
    talosconfig: cluster.talosconfig,
    clusterEndpoint: cluster.clusterEndpoint,
    versions: cluster.versions,
    bootstrapTimeline: cluster.bootstrapTimeline,
    ...(cluster.hostedManifest && { hostedManifest: cluster.hostedManifest }),
    ...(handOver && {
      handOver: handOver.manifests,
      ...(handOver.resourceExclusions && { resourceExclusions: handOver.resourceExclusions }),
    }),
  };
};
