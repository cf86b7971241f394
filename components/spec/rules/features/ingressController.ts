import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import { hasOtherAddresses, isBalancedElsewhere, isReplaced } from "./chartValue";
import type { CiliumRule } from "./ciliumRule";
import { portOwner } from "./hostPorts";

/** The Ingress controller. */
export const ingressControllerRules: readonly CiliumRule[] = [
  { id: "ingress-kube-proxy", check: ingressKubeProxy },
  { id: "ingress-no-pool", warns: true, check: ingressNoPool },
  { id: "ingress-default-secret", check: ingressDefaultSecret },
  { id: "ingress-host-port", check: ingressHostPort },
];

const PATH = "cilium.ingressController";

function* ingressKubeProxy(cilium: CiliumSpec): Iterable<Finding> {
  if (!cilium.ingressController || isReplaced(cilium)) return;
  yield {
    propertyPath: PATH,
    reason:
      "what comes to an Ingress reaches Envoy only through Cilium's own Services, and kube-proxy serves them here",
    fix: "set kubeProxyReplacement to true and kubeProxy to false, or leave ingressController out",
  };
}

function* ingressNoPool(cilium: CiliumSpec): Iterable<Finding> {
  const { ingressController: ingress, lbIPAM } = cilium;
  if (!ingress || ingress.hostNetwork || ingress.service?.type === "NodePort") return;
  if (hasOtherAddresses(cilium) || isBalancedElsewhere(ingress.service?.annotations)) return;
  if (Object.keys(lbIPAM?.pools ?? {}).length > 0) return;
  yield {
    propertyPath: PATH,
    reason: "it has a Service of type LoadBalancer, and no pool has an address for it",
    fix: "add lbIPAM.pools, or listen on the nodes with ingressController.hostNetwork; nothing is wrong where a cloud gives addresses out",
  };
}

function* ingressDefaultSecret({ ingressController: ingress }: CiliumSpec): Iterable<Finding> {
  const { defaultSecretName, defaultSecretNamespace } = ingress ?? {};
  if ((defaultSecretName === undefined) === (defaultSecretNamespace === undefined)) return;
  yield {
    propertyPath: PATH,
    got: defaultSecretName ?? defaultSecretNamespace,
    reason: "a Secret is found by its name and its namespace",
    fix: "write both defaultSecretName and defaultSecretNamespace",
  };
}

function* ingressHostPort(cilium: CiliumSpec): Iterable<Finding> {
  const { ingressController: ingress, gatewayAPI } = cilium;
  const { hostNetwork, loadbalancerMode } = ingress ?? {};
  if (!hostNetwork || loadbalancerMode !== "shared") return;
  const got = hostNetwork.sharedListenerPort;
  const finding = (reason: string, fix: string): Finding => ({
    propertyPath: `${PATH}.hostNetwork.sharedListenerPort`,
    got,
    reason,
    fix,
  });
  if (got < 1 || got > 65535) {
    yield finding("it is no port", "write a number from 1 to 65535, such as 8080");
  } else if (got < 1024 && !hostNetwork.privilegedPorts) {
    yield finding(
      "without privilegedPorts Envoy may not listen below 1024 on a node",
      "set hostNetwork.privilegedPorts to true, or choose a port from 1024 on",
    );
  }
  const owner = portOwner(cilium, got);
  if (owner) yield finding(`on the nodes it is the port of ${owner}`, "choose another port");
  if (!gatewayAPI?.hostNetwork) return;
  for (const [name, { listeners }] of Object.entries(gatewayAPI.gateways)) {
    if (!Object.values(listeners).some(({ port }) => port === got)) continue;
    yield finding(
      `the Gateway ${name} listens on the same port of the nodes`,
      "choose another port for one of them",
    );
  }
}
