import * as pulumi from "@pulumi/pulumi";
import {
  TalosCluster,
  formatProblems,
  loadClusterSpec,
  meshPeer,
  withMeshPeers,
} from "pulumi-talos-cilium";

export = async () => {
  const config = new pulumi.Config();
  const { spec, secretPatches, problems } = loadClusterSpec(config, ["caFrom"]);
  if (!spec) throw new pulumi.RunError(formatProblems(problems));

  // The stack that came up first made the CA; the others sign with it from their first run on.
  const caFrom = config.get("caFrom");
  const first = caFrom ? new pulumi.StackReference(caFrom) : undefined;
  // What it tells of itself is judged beside what the stack file says of it, its data path above all.
  const { value: peers = {} } = (await first?.getOutputDetails("meshPeers")) ?? {};
  const cluster = new TalosCluster(spec.clusterName, {
    spec: withMeshPeers(spec, peers),
    secretPatches,
    ...(first && { ciliumCA: first.requireOutput("ciliumCA") }),
  });

  return {
    kubeconfig: cluster.kubeconfig,
    ciliumCA: cluster.cilium.ca,
    meshPeers: { [spec.cilium.clusterMesh!.name]: meshPeer(spec) },
    bootstrapTimeline: cluster.bootstrapTimeline,
  };
};
