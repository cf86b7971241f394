import * as pulumi from "@pulumi/pulumi";
import { Cilium } from "pulumi-talos-cilium";

const config = new pulumi.Config();
new Cilium("net", {
  kubeconfig: config.requireSecret("kubeconfig"),
  clusterIdentifier: "my-cluster",
  cilium: { version: "1.20.0" },
  k8sServiceHost: "127.0.0.1",
  k8sServicePort: 7445,
});
