import * as pulumi from "@pulumi/pulumi";
import { TalosCluster, formatProblems, loadClusterSpec } from "pulumi-talos-cilium";

export = async () => {
  const config = new pulumi.Config();
  const { spec, secretPatches, problems } = loadClusterSpec(config, ["caFrom"]);
  if (!spec) throw new pulumi.RunError(formatProblems(problems));

  // The stack that came up first made the CA; the others sign with it from their first run on.
  const caFrom = config.get("caFrom");
  const cluster = new TalosCluster(spec.clusterName, {
    spec,
    secretPatches,
    ...(caFrom && { ciliumCA: new pulumi.StackReference(caFrom).requireOutput("ciliumCA") }),
  });

  return {
    kubeconfig: cluster.kubeconfig,
    ciliumCA: cluster.cilium.ca,
    bootstrapTimeline: cluster.bootstrapTimeline,
  };
};
