import * as pulumi from "@pulumi/pulumi";
import { Cilium } from "pulumi-talos-cilium";

const config = new pulumi.Config();
const cilium = new Cilium("net", {
  platform: "k3s",
  kubeconfig: config.requireSecret("kubeconfig"),
  clusterIdentifier: "pi",
  cilium: { version: "1.20.0" },
});
export const serverFlags = cilium.platformNotes?.serverFlags;
export const cleanUp = cilium.platformNotes?.cleanUp;
