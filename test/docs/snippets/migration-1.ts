import * as pulumi from "@pulumi/pulumi";
import type { types } from "@pulumiverse/talos";
import { TalosCluster, formatProblems, loadClusterSpec } from "pulumi-talos-cilium";

export = async () => {
  const config = new pulumi.Config();
  const own = ["machineSecrets", "clientConfiguration"];
  const { spec, secretPatches, problems } = loadClusterSpec(config, own);
  if (!spec) throw new pulumi.RunError(formatProblems(problems));
  const existingSecrets = {
    machineSecrets:
      config.requireSecretObject<types.output.machine.MachineSecrets>("machineSecrets"),
    clientConfiguration:
      config.requireSecretObject<types.output.machine.ClientConfiguration>(
        "clientConfiguration",
      ),
  };
  const cluster = new TalosCluster("talos", { spec, secretPatches, existingSecrets });
  return { kubeconfig: cluster.kubeconfig, talosconfig: cluster.talosconfig };
};
