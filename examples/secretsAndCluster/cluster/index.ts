import * as pulumi from "@pulumi/pulumi";
import { TalosCluster, formatProblems, loadClusterSpec } from "pulumi-talos-cilium";

export = async () => {
  const config = new pulumi.Config();
  const { spec, secretPatches, problems } = loadClusterSpec(config, ["secretsStack"]);
  if (!spec) throw new pulumi.RunError(formatProblems(problems));

  // This stack can be destroyed and made again; the identity of the cluster outlives it.
  const secrets = new pulumi.StackReference(config.require("secretsStack"));
  const cluster = new TalosCluster("home", {
    spec,
    secretPatches,
    existingSecrets: {
      machineSecrets: secrets.requireOutput("machineSecrets"),
      clientConfiguration: secrets.requireOutput("clientConfiguration"),
    },
  });

  return {
    kubeconfig: cluster.kubeconfig,
    clusterId: cluster.machineSecrets.clusterId,
    bootstrapTimeline: cluster.bootstrapTimeline,
  };
};
