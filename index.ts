import * as pulumi from "@pulumi/pulumi";

import { TalosCluster, formatProblems } from "./components";
import { loadClusterSpec } from "./components/loadClusterSpec";

/**
 * The program: stack configuration → cluster spec → cluster → outputs.
 *
 * It is an async function because a rejection ends the run at once, while an exception at the top
 * level takes up to half a minute on Node 20.
 */
export = async function program() {
  const { spec, secretPatches, problems } = loadClusterSpec();
  if (!spec) throw new pulumi.RunError(formatProblems(problems));

  // The name is identity: it stands in the URN of every resource, so it is not the cluster's name.
  const cluster = new TalosCluster("talos", { spec, secretPatches });

  return {
    kubeconfig: cluster.kubeconfig,
    talosconfig: cluster.talosconfig,
    clusterEndpoint: cluster.clusterEndpoint,
    versions: cluster.versions,
    bootstrapTimeline: cluster.bootstrapTimeline,
  };
};
