import { type ClashRule, get, given, on, replacesKubeProxy } from "./clashRule";

const ENDPOINTS = ["k8sServiceHost", "k8sServiceHostRef.name", "k8s.apiServerURLs"];

/** How agents reach the API server before any service works. */
export const apiServerRules: readonly ClashRule[] = [
  {
    id: "replacement-without-api-server",
    silenceable: true,
    path: "k8sServiceHost",
    breaks: (values) => replacesKubeProxy(values) && !ENDPOINTS.some((path) => given(values, path)),
    reason:
      "without kube-proxy agents cannot reach the Service of the API server, which only they could program",
    fix: "set 127.0.0.1, and k8sServicePort to KubePrism's port, 7445",
  },
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
    path: "k8sServiceHost",
    breaks: (values) => /^\[?::1\]?$/.test(String(get(values, "k8sServiceHost"))),
    reason: "KubePrism listens on the IPv4 loopback address only",
    fix: "set 127.0.0.1, which works in clusters of IPv6 as well",
  },
  {
    id: "kube-prism-by-name",
    warns: true,
    path: "k8sServiceHost",
    breaks: (values) => get(values, "k8sServiceHost") === "localhost" && on(values, "ipv6.enabled"),
    reason: "localhost may resolve to ::1 first, where KubePrism does not listen",
    fix: "set 127.0.0.1",
  },
];
