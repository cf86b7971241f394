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
  "l2-announcements": {
    cilium: {
      l2Announcements: {
        policies: {
          everything: {},
          workers: {
            loadBalancerIPs: true,
            externalIPs: true,
            interfaces: ["^eth[0-9]+", "^enp.*"],
            nodeSelector: {
              matchExpressions: [
                { key: "node-role.kubernetes.io/control-plane", operator: "DoesNotExist" },
              ],
            },
            serviceSelector: { matchLabels: { tier: "front" } },
          },
        },
      },
    },
  },
  gateway: {
    cilium: {
      gatewayAPI: {
        gateways: {
          web: {
            namespace: "edge",
            annotations: { "cert-manager.io/cluster-issuer": "home" },
            serviceAnnotations: { "lbipam.cilium.io/sharing-key": "web" },
            addresses: ["10.5.0.130"],
            listeners: {
              http: { port: 80, protocol: "HTTP" },
              https: {
                port: 443,
                protocol: "HTTPS",
                hostname: "*.example.org",
                tls: { certificateFrom: "webCertificate", privateKeyFrom: "webKey" },
                allowedRoutes: "All",
              },
              given: { port: 8443, protocol: "HTTPS", tls: { secretName: "given" } },
              mail: {
                port: 993,
                protocol: "TLS",
                hostname: "mail.example.org",
                tls: { mode: "Passthrough" },
              },
            },
          },
        },
        httpRoutes: {
          "to-https": {
            namespace: "edge",
            parentRefs: [{ name: "web", sectionName: "http" }],
            rules: [{ redirectToHTTPS: true }],
          },
          shop: {
            parentRefs: [{ name: "web", namespace: "edge", sectionName: "https" }],
            hostnames: ["shop.example.org"],
            rules: [
              {
                path: "/api",
                pathType: "Exact",
                backendRefs: [
                  { name: "api", port: 8080, weight: 9 },
                  { name: "next", namespace: "other", port: 8080, weight: 1 },
                ],
              },
              { backendRefs: [{ name: "shop", port: 80 }] },
            ],
          },
        },
        grpcRoutes: {
          cart: {
            parentRefs: [{ name: "web", namespace: "edge", sectionName: "https" }],
            hostnames: ["cart.example.org"],
            rules: [
              {
                service: "shop.v1.Cart",
                method: "Checkout",
                backendRefs: [{ name: "checkout", port: 9000 }],
              },
              { backendRefs: [{ name: "cart", port: 9000, weight: 1 }] },
            ],
          },
        },
        tlsRoutes: {
          mail: {
            namespace: "edge",
            parentRefs: [{ name: "web", sectionName: "mail" }],
            hostnames: ["mail.example.org"],
            backendRefs: [{ name: "mail", port: 993 }],
          },
        },
      },
    },
    secrets: { webCertificate: "a certificate", webKey: "a key" },
  },
  "hubble-ui": {
    cilium: {
      hubble: {
        relay: true,
        ui: true,
        uiAccess: {
          gateway: {
            name: "web",
            namespace: "edge",
            sectionName: "https",
            hostname: "hubble.example.org",
          },
        },
      },
      gatewayAPI: {},
    },
  },
  bgp: {
    cilium: {
      bgpControlPlane: {
        clusterConfigs: {
          racks: {
            nodeSelector: { matchLabels: { rack: "a" } },
            bgpInstances: [
              {
                name: "home",
                localASN: 64513,
                localPort: 179,
                peers: [
                  { name: "a", peerASN: 64512, peerAddress: "10.5.0.1", peerConfig: "router" },
                  { name: "b", peerASN: 64512, peerAddress: "fd00:5::1", peerConfig: "given" },
                  { name: "gateway", peerASN: 0, autoDiscovery: "ipv4", peerConfig: "router" },
                ],
              },
            ],
          },
        },
        peerConfigs: {
          router: {
            families: [
              { afi: "ipv4" },
              { afi: "ipv6", advertisements: { matchLabels: { to: "router" } } },
            ],
            passwordFrom: "bgpPassword",
            ebgpMultihop: 4,
            gracefulRestart: true,
            restartTimeSeconds: 15,
            connectRetryTimeSeconds: 5,
            holdTimeSeconds: 9,
            keepAliveTimeSeconds: 3,
            peerPort: 1179,
          },
          given: { families: [{ afi: "ipv6" }], authSecretRef: "there" },
        },
        advertisements: {
          services: {
            labels: { to: "router" },
            advertisements: [
              {
                advertisementType: "Service",
                selector: { matchLabels: { tier: "front" } },
                addresses: ["LoadBalancerIP", "ExternalIP"],
                communities: ["64512:100", "64512:1:2", "no-export"],
                localPreference: 200,
              },
              { advertisementType: "Service" },
              { advertisementType: "PodCIDR" },
              { advertisementType: "CiliumPodIPPool" },
              { advertisementType: "Interface", interface: "lo" },
            ],
          },
        },
        nodeConfigOverrides: {
          "worker-1": {
            bgpInstances: [
              {
                name: "home",
                routerID: "10.42.0.1",
                localASN: 64514,
                localPort: 1179,
                peers: [{ name: "a", localAddress: "10.5.0.21", localPort: 1790 }],
              },
            ],
          },
        },
      },
    },
    secrets: { bgpPassword: "a password" },
  },
  monitoring: {
    cilium: {
      hubble: { relay: true },
      monitoring: {
        serviceMonitors: true,
        interval: "30s",
        labels: { release: "prometheus" },
        relabelings: [
          {
            action: "replace",
            sourceLabels: ["__meta_kubernetes_pod_node_name"],
            separator: ";",
            regex: "(.*)",
            replacement: "$1",
            targetLabel: "node",
          },
        ],
      },
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
