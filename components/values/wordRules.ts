interface WordRule {
  readonly words: readonly string[];
  /** The minor of the first chart that takes a word. @default all do */
  readonly since?: Readonly<Record<string, number>>;
  readonly harm: string;
}

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
};
