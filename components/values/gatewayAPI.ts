import type { ChartValues } from "./chartValues";
import type { CiliumFeatures } from "./features";

/** What Envoy has without more; lists of capabilities are replaced, never merged. */
const ENVOY_CAPABILITIES = ["NET_ADMIN", "SYS_ADMIN"];

/**
 * Gateway API. The operator looks for its CRDs only when it starts, and says in its log alone that
 * it found none: an annotation that changes with them restarts it.
 */
export function gatewayAPIValues({
  features,
  gatewayCRDs,
}: {
  readonly features?: CiliumFeatures;
  /** Changes when the CRDs do. @default somebody else installs them */
  readonly gatewayCRDs?: string;
}): ChartValues {
  const gateway = features?.gatewayAPI;
  if (!gateway) return {};
  const { enableAlpn, enableAppProtocol, enableProxyProtocol, hostNetwork } = gateway;
  return {
    gatewayAPI: {
      enabled: true,
      enableAlpn,
      enableAppProtocol: enableAppProtocol || enableAlpn,
      ...(enableProxyProtocol && { enableProxyProtocol }),
      externalTrafficPolicy: gateway.externalTrafficPolicy,
      ...(gateway.xffNumTrustedHops > 0 && { xffNumTrustedHops: gateway.xffNumTrustedHops }),
      // With auto it depends on what the cluster says it knows at that moment.
      gatewayClass: { create: "true" },
      ...(hostNetwork && {
        hostNetwork: { enabled: true, nodes: { matchLabels: hostNetwork.matchLabels } },
      }),
    },
    ...(hostNetwork?.privilegedPorts && privilegedEnvoy),
    ...(gatewayCRDs !== undefined && {
      operator: { podAnnotations: { "talos-cilium/gateway-api-crds": gatewayCRDs } },
    }),
  };
}

/** Lets Envoy listen below 1024 on a node. */
export const privilegedEnvoy: ChartValues = {
  envoy: {
    securityContext: {
      capabilities: {
        keepCapNetBindService: true,
        envoy: [...ENVOY_CAPABILITIES, "NET_BIND_SERVICE"],
      },
    },
  },
};
