import * as pulumi from "@pulumi/pulumi";
import { TalosCluster } from "pulumi-talos-cilium";

const secrets = new pulumi.StackReference("organization/secrets/prod");
const cluster = new TalosCluster("prod", {
  spec: new pulumi.Config().requireObject("cluster"),
  existingSecrets: {
    machineSecrets: secrets.requireOutput("machineSecrets"),
    clientConfiguration: secrets.requireOutput("clientConfiguration"),
  },
});
export const kubeconfig = cluster.kubeconfig;
