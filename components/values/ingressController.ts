import type { ChartValues } from "./chartValues";
import type { CiliumFeatures } from "./features";
import { privilegedEnvoy } from "./gatewayAPI";

/** The Ingress controller; where Envoy listens on the nodes it has no Service that waits for an address. */
export function ingressControllerValues({
  features,
}: {
  readonly features?: CiliumFeatures;
}): ChartValues {
  const ingress = features?.ingressController;
  if (!ingress) return {};
  const { defaultSecretName, defaultSecretNamespace, service, hostNetwork } = ingress;
  return {
    ingressController: {
      enabled: true,
      default: ingress.default,
      loadbalancerMode: ingress.loadbalancerMode,
      enforceHttps: ingress.enforceHttps,
      ...(defaultSecretName !== undefined && { defaultSecretName, defaultSecretNamespace }),
      ...(service && { service }),
      ...(hostNetwork && {
        hostNetwork: {
          enabled: true,
          sharedListenerPort: hostNetwork.sharedListenerPort,
          nodes: { matchLabels: hostNetwork.matchLabels },
        },
      }),
    },
    ...(hostNetwork?.privilegedPorts && privilegedEnvoy),
  };
}
