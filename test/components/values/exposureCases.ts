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
  "hubble-cron-job": {
    cilium: {
      hubble: {
        relay: true,
        ui: true,
        metrics: ["dns", "drop", "tcp", "flow", "icmp", "http"],
        tls: { method: "cronJob" },
      },
    },
    since: 19,
    recorded: "hubble-cronjob",
  },
  "hubble-cert-manager": {
    cilium: {
      hubble: {
        relay: true,
        ui: true,
        tls: { method: "certmanager", issuerRef: { name: "home" } },
        tolerateControlPlanes: true,
        uiAccess: {
          ingress: {
            hostname: "hubble.example.org",
            className: "nginx",
            annotations: { "nginx.ingress.kubernetes.io/auth-type": "basic" },
            tlsSecretName: "hubble",
          },
        },
      },
    },
  },
  "hubble-secrets": {
    cilium: {
      hubble: {
        relay: true,
        ui: true,
        tls: { method: "secrets", serverSecret: "server", relayClientSecret: "relay" },
        uiAccess: { loadBalancer: { annotations: { "lbipam.cilium.io/ips": "10.5.0.131" } } },
      },
    },
  },
  bgp: {
    cilium: { bgpControlPlane: { clusterConfigs: {}, routerIDPool: "10.42.0.0/24" } },
    recorded: "bgp",
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
