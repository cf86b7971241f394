/** A `cilium` of the cluster spec without its version. */
interface ExposureCase {
  readonly cilium: object;
  /** Minor of the first chart that has it. @default 18 */
  readonly since?: number;
  /** Set of the recorded values that says the same. */
  readonly recorded?: string;
}

/** By the name of its golden file. */
export const exposureCases: Readonly<Record<string, ExposureCase>> = {
  "l2-announcements": {
    cilium: { l2Announcements: { policies: { home: {} }, services: 200 } },
    recorded: "l2",
  },
  gateway: {
    cilium: { gatewayAPI: { enableAlpn: true, externalTrafficPolicy: "Local" } },
    recorded: "gateway-api",
  },
  "gateway-host-network": {
    cilium: {
      gatewayAPI: {
        crds: "external",
        enableAppProtocol: true,
        enableProxyProtocol: true,
        xffNumTrustedHops: 1,
        hostNetwork: { matchLabels: { edge: "true" } },
      },
    },
    recorded: "gateway-host-network",
  },
  ingress: {
    cilium: { ingressController: { default: true, loadbalancerMode: "shared" } },
    recorded: "ingress-controller",
  },
  "ingress-host-network": {
    cilium: {
      ingressController: {
        enforceHttps: false,
        defaultSecretName: "web",
        defaultSecretNamespace: "edge",
        service: { type: "NodePort", annotations: { "example.org/a": "b" } },
        hostNetwork: { matchLabels: { edge: "true" }, sharedListenerPort: 80 },
      },
    },
  },
  "l2-announcements-slow": {
    cilium: {
      l2Announcements: {
        policies: {},
        leaseDuration: "30s",
        leaseRenewDeadline: "20s",
        leaseRetryPeriod: "5s",
      },
    },
  },
};
