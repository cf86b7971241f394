import { type ClashRule, get, given, on } from "./clashRule";

/** How agents reach the API server before any service works. */
export const apiServerRules: readonly ClashRule[] = [
  {
    id: "api-server-port",
    path: "k8sServicePort",
    breaks: (values) => given(values, "k8sServiceHost") && !given(values, "k8sServicePort"),
    reason: "k8sServiceHost alone leads nowhere: there is no port that agents would take",
    fix: "set 7445 for KubePrism, or the port of the API server, 6443",
  },
  {
    id: "kube-prism-ipv6",
    silenceable: true,
    onTalos: true,
    path: "k8sServiceHost",
    breaks: (values) => /^\[?::1\]?$/.test(String(get(values, "k8sServiceHost"))),
    reason: "KubePrism listens on the IPv4 loopback address only",
    fix: "set 127.0.0.1, which works in clusters of IPv6 as well",
  },
  {
    id: "kube-prism-by-name",
    warns: true,
    onTalos: true,
    path: "k8sServiceHost",
    breaks: (values) => get(values, "k8sServiceHost") === "localhost" && on(values, "ipv6.enabled"),
    reason: "localhost may resolve to ::1 first, where KubePrism does not listen",
    fix: "set 127.0.0.1",
  },
];
