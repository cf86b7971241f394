import * as z from "zod/mini";

import { ciliumSchema } from "./ciliumSchema";
import { configPatchesField, configPatchesFromField } from "./configPatchesField";
import * as defaults from "./defaults";
import { defaultedField, field, group, optionalField } from "./field";
import { kubeSpan } from "./kubeSpan";
import { nodeSchema } from "./nodeSchema";

/** How a changed configuration reaches a machine, in Talos' spelling. */
export const applyModes = [
  "auto",
  "reboot",
  "no_reboot",
  "staged",
  "staged_if_needing_reboot",
] as const;

const registryMirror = z.strictObject({
  endpoints: field(z.array(z.string()), "URLs of the mirrors, in the order of their use.", {
    examples: [["https://mirror.example.org"]],
  }),
  overridePath: optionalField(z.boolean(), "Take the path of the URL as it stands."),
  skipFallback: optionalField(z.boolean(), "Never pull from the registry itself."),
});

/** The cluster as it stands in the stack configuration: shape only, the rules are apart. */
export const clusterSchema = z.strictObject({
  clusterName: field(z.string(), "Name of the cluster, in its kubeconfig and talosconfig.", {
    examples: ["home"],
  }),
  clusterEndpoint: field(
    z.string(),
    "URL of the Kubernetes API that machines and users reach: a DNS name, a VIP or a control plane, with https:// and port.",
    { examples: ["https://api.example.org:6443"] },
  ),
  talosVersion: field(z.string(), "Version of Talos that machines install.", {
    examples: ["v1.13.0"],
  }),
  configContract: field(
    z.string(),
    "Talos version whose form of configuration is generated, v1.9 to v1.13. Frozen when the cluster is made; not raised with talosVersion.",
    { examples: ["v1.13"] },
  ),
  kubernetesVersion: field(z.string(), "Version of Kubernetes, without v.", {
    examples: ["1.36.3"],
  }),
  podSubnets: defaultedField(
    z.array(z.string()),
    [...defaults.DEFAULT_POD_SUBNETS],
    "Networks of the pods in CIDR notation, one for each IP family.",
  ),
  serviceSubnets: defaultedField(
    z.array(z.string()),
    [...defaults.DEFAULT_SERVICE_SUBNETS],
    "Networks of the services in CIDR notation, one for each IP family.",
  ),
  dnsDomain: defaultedField(
    z.string(),
    defaults.DEFAULT_DNS_DOMAIN,
    "DNS domain of the cluster's services.",
  ),
  nodes: field(z.array(nodeSchema), "The machines. The first control plane is bootstrapped."),
  configPatches: configPatchesField("every machine"),
  controlPlaneConfigPatches: configPatchesField("every control plane"),
  workerConfigPatches: configPatchesField("every worker"),
  configPatchesFrom: configPatchesFromField("every machine"),
  certSANs: defaultedField(
    z.array(z.string()),
    [],
    "Further names and addresses in the certificates of the Talos and Kubernetes APIs.",
    { examples: [["api.example.org"]] },
  ),
  allowSchedulingOnControlPlanes: defaultedField(
    z.boolean(),
    defaults.DEFAULT_ALLOW_SCHEDULING_ON_CONTROL_PLANES,
    "Whether control planes run ordinary pods.",
  ),
  kubePrism: group(
    {
      enabled: defaultedField(z.boolean(), defaults.DEFAULT_KUBE_PRISM_ENABLED, "Whether it runs."),
      port: defaultedField(z.int(), defaults.DEFAULT_KUBE_PRISM_PORT, "Port on 127.0.0.1."),
    },
    "KubePrism, the proxy to the Kubernetes API on every machine, through which Cilium reaches it.",
  ),
  hostDNS: group(
    {
      enabled: defaultedField(z.boolean(), defaults.DEFAULT_HOST_DNS_ENABLED, "Whether it runs."),
      forwardKubeDNSToHost: optionalField(
        z.boolean(),
        "Whether CoreDNS asks it. Left out: true, and false with cilium.datapath.hostRouting: ebpf, which loses its answers.",
      ),
    },
    "The DNS resolver on every machine.",
  ),
  kubeSpan,
  registryMirrors: defaultedField(
    z.record(z.string(), registryMirror),
    {},
    "Mirrors of container registries, by the registry's name.",
  ),
  kubelet: group(
    {
      extraArgs: defaultedField(
        z.record(z.string(), z.string()),
        {},
        "Further arguments of the kubelet, without dashes.",
      ),
      nodeIPSubnets: defaultedField(
        z.array(z.string()),
        [],
        "Networks in CIDR notation from which the kubelet picks its address; a leading ! excludes one.",
      ),
    },
    "The kubelet on every machine.",
  ),
  servingCertApprover: defaultedField(
    z.boolean(),
    defaults.DEFAULT_SERVING_CERT_APPROVER,
    "Says that an approver of kubelet serving certificates is installed by other means.",
  ),
  kubeProxy: defaultedField(
    z.boolean(),
    defaults.DEFAULT_KUBE_PROXY,
    "Whether kube-proxy runs. Exactly one of this and cilium.kubeProxyReplacement is on.",
  ),
  bootstrapWindow: defaultedField(
    z.string(),
    defaults.DEFAULT_BOOTSTRAP_WINDOW,
    "Time from bootstrap to a ready cluster that a run should take, a Go duration. A longer one warns.",
  ),
  readyTimeout: defaultedField(
    z.string(),
    defaults.DEFAULT_READY_TIMEOUT,
    "Time after which a gate gives up, a Go duration.",
  ),
  applyMode: defaultedField(
    z.enum(applyModes),
    defaults.DEFAULT_APPLY_MODE,
    "How a changed configuration reaches a machine. `auto` reboots where it must.",
  ),
  protect: defaultedField(
    z.boolean(),
    defaults.DEFAULT_PROTECT,
    "Whether the machine secrets are protected from deletion. Off only for throw-away clusters.",
  ),
  silencedRules: defaultedField(
    z.array(z.string()),
    [],
    "Ids of rules that are not to be heard, see rules.md. The preview says what they found. Those without which no cluster comes up are refused.",
    { examples: [["even-control-planes"]] },
  ),
  cilium: field(ciliumSchema, "Cilium."),
});

/** A validated cluster with every default filled in; deep-frozen. */
export type ClusterSpec = z.output<typeof clusterSchema>;
/** A cluster as a user writes it. */
export type ClusterSpecInput = z.input<typeof clusterSchema>;
/** A machine of the cluster. */
export type NodeSpec = z.output<typeof nodeSchema>;
export type NodeSpecInput = z.input<typeof nodeSchema>;
export type CiliumSpec = z.output<typeof ciliumSchema>;
export type CiliumSpecInput = z.input<typeof ciliumSchema>;
export type MachineType = NodeSpec["machineType"];
export type ApplyMode = ClusterSpec["applyMode"];
