import type { ChartValues } from "../chartValues";
import {
  type ClashRule,
  capabilities,
  either,
  get,
  hasEnvoyPods,
  on,
  replacesKubeProxy,
} from "./clashRule";

const ENVOY = "envoy.securityContext.capabilities";
const AGENT_LIST = "securityContext.capabilities.ciliumAgent";

/** What brings traffic in through Envoy: Gateway API, Ingress and the user's own configuration. */
export const gatewayRules: readonly ClashRule[] = [
  ...["gatewayAPI", "ingressController", "envoyConfig"].map((feature): ClashRule => ({
    id:
      {
        gatewayAPI: "gateway-without-replacement",
        ingressController: "ingress-without-replacement",
      }[feature] ?? "envoy-config-without-replacement",
    silenceable: true,
    typed: true,
    path: `${feature}.enabled`,
    breaks: (values) => on(values, `${feature}.enabled`) && !replacesKubeProxy(values),
    reason: "traffic gets to Envoy through Cilium's own services, which kubeProxyReplacement makes",
    fix: "set kubeProxyReplacement to true, and kubeProxy of the cluster to false",
  })),
  {
    id: "envoy-config-without-proxy",
    silenceable: true,
    path: "envoyConfig.enabled",
    breaks: (values) => on(values, "envoyConfig.enabled") && get(values, "l7Proxy") === false,
    reason: "there is no Envoy to configure while l7Proxy is off",
    fix: "set l7Proxy to true, or envoyConfig.enabled to false",
  },
  {
    id: "gateway-host-network-capability",
    warns: true,
    typed: true,
    path: "gatewayAPI.hostNetwork.enabled",
    breaks: (values) =>
      on(values, "gatewayAPI.enabled") &&
      on(values, "gatewayAPI.hostNetwork.enabled") &&
      !bindsLowPorts(values),
    reason: "Envoy may not bind ports below 1024 on the host, so no listener on 80 or 443 opens",
    fix: `add NET_BIND_SERVICE to ${ENVOY}.envoy and set ${ENVOY}.keepCapNetBindService, or use higher ports`,
  },
  {
    id: "ingress-host-network-capability",
    silenceable: true,
    typed: true,
    path: "ingressController.hostNetwork.sharedListenerPort",
    breaks: (values) =>
      on(values, "ingressController.enabled") &&
      on(values, "ingressController.hostNetwork.enabled") &&
      hostPorts(values).some((port) => port > 0 && port < 1024) &&
      !bindsLowPorts(values),
    reason: "Envoy may not bind ports below 1024 on the host",
    fix: `add NET_BIND_SERVICE to ${ENVOY}.envoy and set ${ENVOY}.keepCapNetBindService, or use a higher port`,
  },
  {
    id: "envoy-capability-half",
    silenceable: true,
    path: `${ENVOY}.keepCapNetBindService`,
    breaks: (values) =>
      hasEnvoyPods(values) &&
      on(values, `${ENVOY}.keepCapNetBindService`) &&
      !capabilities(values, `${ENVOY}.envoy`).includes("NET_BIND_SERVICE"),
    reason: "Envoy's pods do not get the capability that Envoy shall keep",
    fix: `set ${ENVOY}.envoy to [NET_ADMIN, SYS_ADMIN, NET_BIND_SERVICE]`,
  },
  {
    id: "envoy-capability-missing",
    warns: true,
    path: `${ENVOY}.envoy`,
    breaks: (values) => {
      const list = capabilities(values, `${ENVOY}.envoy`);
      return list.length > 0 && !list.includes("NET_ADMIN");
    },
    reason:
      "a list of one's own replaces the chart's, and without NET_ADMIN Envoy sets no socket marks",
    fix: "add NET_ADMIN to the list",
  },
  {
    id: "gateway-without-address",
    warns: true,
    typed: true,
    path: "gatewayAPI.enabled",
    breaks: (values) =>
      on(values, "gatewayAPI.enabled") &&
      !on(values, "gatewayAPI.hostNetwork.enabled") &&
      !announces(values),
    reason:
      "each Gateway gets a Service of type LoadBalancer, and nothing here makes an address of one reachable",
    fix: "switch on l2announcements, bgpControlPlane, nodeIPAM or gatewayAPI.hostNetwork; silence this where a cloud's controller or routes do it",
  },
  {
    id: "ingress-without-address",
    warns: true,
    typed: true,
    path: "ingressController.enabled",
    breaks: (values) =>
      on(values, "ingressController.enabled") &&
      !on(values, "ingressController.hostNetwork.enabled") &&
      either(values, "ingressController.service.type", "LoadBalancer") === "LoadBalancer" &&
      !announces(values),
    reason:
      "Ingresses get a Service of type LoadBalancer, and nothing here makes an address of one reachable",
    fix: "switch on l2announcements, bgpControlPlane, nodeIPAM or ingressController.hostNetwork; silence this where a cloud's controller or routes do it",
  },
  {
    id: "gateway-policy-unused",
    warns: true,
    typed: true,
    path: "gatewayAPI.externalTrafficPolicy",
    breaks: (values) =>
      on(values, "gatewayAPI.hostNetwork.enabled") &&
      get(values, "gatewayAPI.externalTrafficPolicy") === "Local",
    reason: "on the host network there is no Service that a policy could hold for",
    fix: "remove it: listeners on the host see the client's address anyway",
  },
  {
    id: "gateway-host-namespace",
    warns: true,
    path: "socketLB.hostNamespaceOnly",
    breaks: (values, { minor }) =>
      minor >= 20 &&
      on(values, "gatewayAPI.enabled") &&
      get(values, "socketLB.hostNamespaceOnly") === false,
    reason:
      "with Gateway API Cilium 1.20 balances in the host's namespace only, whatever is said here",
    fix: "remove it",
  },
];

function bindsLowPorts(values: ChartValues): boolean {
  const list = hasEnvoyPods(values) ? `${ENVOY}.envoy` : AGENT_LIST;
  return (
    on(values, `${ENVOY}.keepCapNetBindService`) &&
    capabilities(values, list).includes("NET_BIND_SERVICE")
  );
}

function hostPorts(values: ChartValues): number[] {
  return ["sharedListenerPort", "httpPort", "httpsPort", "tlsPassthroughPort"].map((key) =>
    Number(get(values, `ingressController.hostNetwork.${key}`) ?? 0),
  );
}

/** Whether something of Cilium's leads traffic from outside to the address of a Service. */
function announces(values: ChartValues): boolean {
  return ["l2announcements", "bgpControlPlane", "nodeIPAM"].some((feature) =>
    on(values, `${feature}.enabled`),
  );
}
