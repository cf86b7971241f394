import type { DataPathRule } from "./dataPathRule";
import { get, on, routesByEbpf, routesNatively } from "./facts";

/** Cilium on machines whose packets to one another go through KubeSpan. */
export const kubeSpanRules: readonly DataPathRule[] = [
  {
    id: "kubespan-node-encryption",
    path: "encryption.nodeEncryption",
    breaks: (values, { kubeSpan }) =>
      kubeSpan !== undefined &&
      on(values, "encryption.enabled") &&
      on(values, "encryption.nodeEncryption"),
    reason:
      "KubeSpan encrypts what machines say to each other, and Cilium would take it away from it",
    fix: "remove it",
  },
  {
    id: "kubespan-native-routing",
    warns: true,
    path: "routingMode",
    input: "routing.mode",
    breaks: (values, { kubeSpan }) => kubeSpan !== undefined && routesNatively(values),
    reason:
      "KubeSpan carries what goes to addresses of machines: natively routed packets of pods pass it by, in clear",
    fix: "leave the mode at tunnel, or encrypt the pods' traffic by cilium.encryption",
  },
  {
    id: "kubespan-host-routing",
    warns: true,
    path: "bpf.masquerade",
    input: "datapath.hostRouting",
    breaks: (values, { kubeSpan }) => kubeSpan !== undefined && routesByEbpf(values),
    reason:
      "KubeSpan takes packets up in the host's stack, which eBPF host routing goes past; clusters were seen to lose packets so",
    fix: "set hostRouting to legacy",
  },
  {
    id: "kubespan-mtu",
    path: "MTU",
    input: "routing.mtu",
    breaks: (values, { kubeSpan }) =>
      kubeSpan !== undefined && Number(get(values, "MTU") ?? 0) > kubeSpan.mtu,
    reason: "packets of that size do not fit into KubeSpan's",
    fix: "leave it out, or write the MTU of KubeSpan",
  },
];
