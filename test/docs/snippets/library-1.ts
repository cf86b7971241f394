import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import * as pulumi from "@pulumi/pulumi";
import { TalosCluster, fqdnPolicy, httpRoute } from "pulumi-talos-cilium";

const cluster = new TalosCluster("home", { spec: new pulumi.Config().requireObject("cluster") });
const behind = { provider: cluster.kubernetesProvider, dependsOn: cluster.cilium.ready };

const route = httpRoute({
  name: "shop",
  parentRefs: [{ name: "web", sectionName: "https" }],
  hostnames: ["shop.example.org"],
  rules: [{ backendRefs: [{ name: "shop", port: 80 }] }],
});
const payments = fqdnPolicy({
  name: "payments",
  namespace: "default",
  endpointSelector: { matchLabels: { app: "shop" } },
  names: ["api.example.org", "*.pay.example.org"],
});
new CustomResource("shop", { ...route }, behind);
new CustomResource("payments", { ...payments }, behind);
