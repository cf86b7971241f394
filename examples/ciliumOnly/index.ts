import * as pulumi from "@pulumi/pulumi";
import type { CiliumSpecInput } from "pulumi-talos-cilium";
import { Cilium } from "pulumi-talos-cilium";

const config = new pulumi.Config();

// Talos' KubePrism: agents reach the API server through their own node. Elsewhere, its address.
const cilium = new Cilium("net", {
  kubeconfig: config.requireSecret("kubeconfig"),
  clusterIdentifier: config.require("clusterIdentifier"),
  nodes: config.requireObject<string[]>("nodes"),
  cilium: config.requireObject<CiliumSpecInput>("cilium"),
  k8sServiceHost: config.get("k8sServiceHost") ?? "127.0.0.1",
  k8sServicePort: config.getNumber("k8sServicePort") ?? 7445,
});

export const version = cilium.version;
/** When the first nodes became Ready. */
export const times = cilium.times;
