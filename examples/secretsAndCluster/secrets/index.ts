import * as pulumi from "@pulumi/pulumi";
import { MachineSecrets } from "pulumi-talos-cilium";

const config = new pulumi.Config();

// Protected unless the stack says otherwise: with these goes the trust of every node.
const secrets = new MachineSecrets("home", {
  configContract: config.require("configContract"),
  protect: config.getBoolean("protect") ?? true,
});

// Secrets stay secrets on their way into the other stack.
export const machineSecrets = secrets.machineSecrets;
export const clientConfiguration = secrets.clientConfiguration;
export const clusterId = secrets.clusterId;
