import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { TalosCluster, formatProblems, loadClusterSpec } from "pulumi-talos-cilium";

export = async () => {
  // All problems of the stack file at once, before anything is made.
  const { spec, secretPatches, problems } = loadClusterSpec();
  if (!spec) throw new pulumi.RunError(formatProblems(problems));
  const cluster = new TalosCluster("home", { spec, secretPatches });

  // What runs on the cluster waits for the gate behind Cilium: from there on every node is Ready.
  const apps = new k8s.core.v1.Namespace(
    "apps",
    { metadata: { name: "apps" } },
    { provider: cluster.kubernetesProvider, dependsOn: [cluster.cilium.ready] },
  );

  return {
    kubeconfig: cluster.kubeconfig,
    talosconfig: cluster.talosconfig,
    bootstrapTimeline: cluster.bootstrapTimeline,
    namespace: apps.metadata.name,
  };
};
