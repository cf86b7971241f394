interface WordRule {
  readonly words: readonly string[];
  /** The minor of the first chart that takes a word. @default all do */
  readonly since?: Readonly<Record<string, number>>;
  /** Whether the chart makes small letters of them. @default false */
  readonly anyCase?: true;
  readonly harm: string;
}

const UNKNOWN = "any other word renders, and Cilium does not know it";

const SERVICE_TYPE: WordRule = {
  words: ["LoadBalancer", "NodePort", "ClusterIP"],
  harm: "the API server refuses a Service of any other type",
};

/** Words that templates compare with, but the chart's schema lets anything through. */
export const wordRules: Readonly<Record<string, WordRule>> = {
  kubeProxyReplacement: { words: ["", "true", "false"], harm: "any other word ends the render" },
  routingMode: {
    words: ["", "tunnel", "native"],
    harm: "any other word renders, and no agent starts with it",
  },
  tunnelProtocol: {
    words: ["", "vxlan", "geneve"],
    harm: "any other word renders, and no agent starts with it",
  },
  "encryption.type": {
    words: ["ipsec", "wireguard", "ztunnel"],
    since: { ztunnel: 19 },
    harm: "any other word renders, and traffic stays unencrypted without an error",
  },
  "hubble.tls.auto.method": {
    words: ["helm", "cronJob", "certmanager"],
    harm: "with any other word no certificates are made",
  },
  "loadBalancer.mode": {
    words: ["snat", "dsr", "hybrid", "annotation"],
    harm: "any other word renders, and no agent starts with it",
  },
  "loadBalancer.algorithm": {
    words: ["random", "maglev"],
    harm: "any other word renders, and no agent starts with it",
  },
  "loadBalancer.acceleration": {
    words: ["disabled", "native", "best-effort"],
    harm: "any other word renders, and no agent starts with it",
  },
  "loadBalancer.dsrDispatch": {
    words: ["opt", "ipip", "geneve"],
    harm: "any other word renders, and no agent starts with it",
  },
  "ipam.mode": {
    words: [
      ...["", "kubernetes", "cluster-pool", "multi-pool", "crd", "delegated-plugin"],
      ...["eni", "azure", "alibabacloud"],
    ],
    harm: UNKNOWN,
  },
  identityAllocationMode: {
    words: ["crd", "kvstore", "doublewrite-readkvstore", "doublewrite-readcrd"],
    harm: UNKNOWN,
  },
  policyEnforcementMode: { words: ["default", "always", "never"], anyCase: true, harm: UNKNOWN },
  "bpf.datapathMode": {
    words: ["veth", "netkit", "netkit-l2", "auto"],
    since: { auto: 20 },
    harm: UNKNOWN,
  },
  underlayProtocol: { words: ["", "ipv4", "ipv6", "auto"], since: { auto: 20 }, harm: UNKNOWN },
  defaultLBServiceIPAM: { words: ["lbipam", "nodeipam", "none"], harm: UNKNOWN },
  "bgpControlPlane.routerIDAllocation.mode": { words: ["default", "ip-pool"], harm: UNKNOWN },
  "ingressController.loadbalancerMode": {
    words: ["dedicated", "shared"],
    harm: UNKNOWN,
  },
  "ingressController.service.type": SERVICE_TYPE,
  "hubble.ui.service.type": SERVICE_TYPE,
  "hubble.relay.service.type": SERVICE_TYPE,
  "clustermesh.apiserver.service.type": SERVICE_TYPE,
  "gatewayAPI.gatewayClass.create": {
    words: ["auto", "true", "false"],
    harm: "with any other word there is no GatewayClass",
  },
};
