import * as pulumi from "@pulumi/pulumi";
import { Cilium } from "pulumi-talos-cilium";

new Cilium("net", {
  platform: "generic",
  kubeconfig: new pulumi.Config().requireSecret("kubeconfig"),
  clusterIdentifier: "kubeadm",
  cilium: { version: "1.20.0" },
  k8sServiceHost: "api.example.org",
  k8sServicePort: 6443,
  podSubnets: ["10.60.0.0/16"],
});
