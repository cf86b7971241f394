import { either, get, given, on, type RenderRule } from "./renderRule";

/** Envoy, what stands on it, and the DNS proxy. Whether Envoy is a DaemonSet hangs on the first minor. */
export const proxyRules: readonly RenderRule[] = [
  {
    path: "l7Proxy",
    since: 14,
    breaks: (values) =>
      get(values, "l7Proxy") === false &&
      (on(values, "ingressController.enabled") ||
        on(values, "gatewayAPI.enabled") ||
        get(values, "loadBalancer.l7.backend") === "envoy"),
    reason: "Ingress, Gateway API and the layer 7 load balancer need the proxy",
    fix: "set l7Proxy to true",
  },
  {
    path: "ingressController.service.externalTrafficPolicy",
    since: 16,
    breaks: (values) =>
      on(values, "ingressController.enabled") &&
      ["LoadBalancer", "NodePort"].includes(
        String(either(values, "ingressController.service.type", "LoadBalancer")),
      ) &&
      isNoPolicy(either(values, "ingressController.service.externalTrafficPolicy", "Cluster")),
    reason: "a Service of type LoadBalancer or NodePort has one of two policies",
    fix: "set Cluster or Local",
  },
  {
    path: "gatewayAPI.externalTrafficPolicy",
    since: 16,
    breaks: (values) =>
      on(values, "gatewayAPI.enabled") &&
      isNoPolicy(either(values, "gatewayAPI.externalTrafficPolicy", "Cluster")),
    reason: "the Service of a Gateway has one of two policies",
    fix: "set Cluster or Local",
  },
  {
    path: "upgradeCompatibility",
    since: 16,
    breaks: (values) =>
      given(values, "upgradeCompatibility") &&
      !/^v?\d+(\.\d+){0,2}([-+].*)?$/.test(String(get(values, "upgradeCompatibility"))),
    reason: "the chart compares the minor of the first installation with its own",
    fix: 'set the minor that was installed first, "1.18" for example, or remove it',
  },
  {
    path: "envoy.baseID",
    since: 16,
    breaks: (values) => {
      const id = Number(either(values, "envoy.baseID", 0));
      return !(id >= 0 && id <= 4294967295);
    },
    reason: "Envoy numbers its shared memory from 0 to 4294967295",
    fix: "set such a number, or remove it",
  },
  {
    path: "bpf.tproxy",
    since: 19,
    breaks: (values) =>
      on(values, "bpf.tproxy") && /^netkit(-l2)?$/.test(String(get(values, "bpf.datapathMode"))),
    reason: "the transparent proxy does not work with netkit",
    fix: "remove it, or set bpf.datapathMode to veth",
  },
  {
    path: "dnsProxy.proxyPort",
    since: 19,
    breaks: (values) =>
      on(values, "standaloneDnsProxy.enabled") && !Number(get(values, "dnsProxy.proxyPort") ?? 0),
    reason: "the standalone DNS proxy takes its port from the agent's, which is 0",
    fix: "set a port, 10094 for example",
  },
];

function isNoPolicy(value: unknown): boolean {
  return value !== "Cluster" && value !== "Local";
}
