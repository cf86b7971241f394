/** A `cilium` of the cluster spec without its version. */
interface ObjectCase {
  readonly cilium: object;
  /** Values of the `secrets` that it names. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Every feature that makes objects, with all its fields, by the name of its golden file. */
export const objectCases: Readonly<Record<string, ObjectCase>> = {
  "lb-ipam": {
    cilium: {
      lbIPAM: {
        pools: {
          home: {
            blocks: [{ cidr: "10.5.0.128/26" }, { start: "10.5.0.200", stop: "10.5.0.220" }],
            allowFirstLastIPs: "No",
            serviceSelector: {
              matchLabels: { tier: "front" },
              matchExpressions: [{ key: "zone", operator: "In", values: ["a", "b"] }],
            },
          },
          v6: { blocks: [{ cidr: "fd00:5::/64" }], disabled: true },
        },
      },
    },
  },
  monitoring: {
    cilium: {
      hubble: { relay: true },
      monitoring: { serviceMonitors: true, interval: "30s", labels: { release: "prometheus" } },
      values: { hubble: { metrics: { enabled: ["drop", "flow"] } } },
    },
  },
  "serving-cert-approver": { cilium: { servingCertApprover: {} } },
  "network-policies": {
    cilium: {
      networkPolicies: {
        baseline: { excludedNamespaces: ["kube-system", "storage"] },
        policies: {
          web: {
            namespace: "shop",
            description: "the shop from inside, its pictures from everywhere",
            endpointSelector: { matchLabels: { app: "web" } },
            ingress: [
              {
                fromEndpoints: [{ matchLabels: { app: "cart" } }],
                toPorts: [
                  {
                    ports: [{ port: "8080", protocol: "TCP" }],
                    rules: { http: [{ method: "GET", path: "/cart/.*", headers: ["X-Shop"] }] },
                  },
                ],
              },
              { fromEntities: ["world"], toPorts: [{ ports: [{ port: "443" }] }] },
            ],
            egress: [
              {
                toFQDNs: [{ matchName: "api.example.org" }, { matchPattern: "*.example.com" }],
                toPorts: [{ ports: [{ port: "8000", endPort: 8010, protocol: "TCP" }] }],
              },
              { toServices: [{ k8sService: { serviceName: "db", namespace: "data" } }] },
            ],
          },
          "no-metadata-service": {
            enableDefaultDeny: { egress: false },
            egressDeny: [
              {
                toCIDRSet: [{ cidr: "169.254.169.254/32" }],
                toPorts: [{ ports: [{ port: "80" }] }],
              },
            ],
          },
          "from-office": {
            endpointSelector: { matchLabels: { zone: "office" } },
            ingress: [{ fromCIDRSet: [{ cidr: "10.0.0.0/8", except: ["10.96.0.0/12"] }] }],
            ingressDeny: [{ fromCIDR: ["10.1.0.0/16"] }],
          },
        },
      },
    },
  },
  "host-firewall": { cilium: { hostFirewall: { apiServerPort: 7443 } } },
  "host-firewall-policies": {
    cilium: {
      hostFirewall: {
        enforce: true,
        policies: {
          "node-exporter": {
            description: "metrics of the machines",
            nodeSelector: { matchLabels: { "kubernetes.io/os": "linux" } },
            ingress: [{ fromEntities: ["cluster"], toPorts: [{ ports: [{ port: "9100" }] }] }],
            ingressDeny: [{ fromCIDR: ["203.0.113.0/24"] }],
            egress: [{ toCIDR: ["10.5.0.0/24"] }],
            egressDeny: [{ toEntities: ["world"], toPorts: [{ ports: [{ port: "25" }] }] }],
          },
        },
      },
    },
  },
  egress: {
    cilium: {
      cidrGroups: { office: ["203.0.113.0/24"] },
      egressGateway: {
        policies: {
          mail: {
            selectors: [
              {
                podSelector: { matchLabels: { app: "mail" } },
                namespaceSelector: { matchLabels: { team: "post" } },
                nodeSelector: { matchLabels: { zone: "a" } },
              },
            ],
            destinationCIDRs: ["0.0.0.0/0"],
            excludedCIDRs: ["10.0.0.0/8"],
            egressGateway: {
              nodeSelector: { matchLabels: { gateway: "true" } },
              egressIP: "10.5.0.21",
            },
          },
        },
      },
      localRedirectPolicies: {
        policies: {
          metadata: {
            namespace: "cloud",
            description: "the metadata service of the cloud",
            redirectFrontend: {
              addressMatcher: {
                ip: "169.254.169.254",
                toPorts: [{ port: "80", protocol: "TCP", name: "http" }],
              },
            },
            redirectBackend: {
              localEndpointSelector: { matchLabels: { app: "proxy" } },
              toPorts: [{ port: "8080", protocol: "TCP", name: "http" }],
            },
            skipRedirectFromBackend: true,
          },
          dns: {
            namespace: "kube-system",
            redirectFrontend: {
              serviceMatcher: { serviceName: "kube-dns", namespace: "kube-system" },
            },
            redirectBackend: {
              localEndpointSelector: { matchLabels: { "k8s-app": "node-local-dns" } },
              toPorts: [{ port: "53", protocol: "UDP" }],
            },
          },
        },
      },
    },
  },
};
