import assert from "node:assert/strict";

import type { ChartValues } from "../../../components/values";
import { checkValues } from "../../../components/values";

const VERSION = "1.20.0";

function refusals(values: ChartValues, version = VERSION): string[] {
  return checkValues(values, version)
    .filter(({ id }) => id === "chart-value-refused")
    .map(({ propertyPath }) => propertyPath.replace("cilium.values.", ""));
}

const mesh = (apiserver: ChartValues, others: ChartValues = {}): ChartValues => ({
  ...others,
  clustermesh: { useAPIServer: true, apiserver },
});
const kvstoremesh = (values: ChartValues) => ({ apiserver: { kvstoremesh: values } });
const relayWithTLS = (server: ChartValues) => ({
  enabled: true,
  tls: { client: { existingSecret: "c" }, server: { enabled: true, ...server } },
});
const byHand = { auto: { enabled: false }, server: { existingSecret: "s" } };

describe("renderRules (what values alone decide; not what a cluster's CRDs do)", () => {
  const refused: [string, ChartValues, string?][] = [
    ["k8sServiceHost", { k8sServiceHost: "auto" }],
    ["k8sServiceHostRef", { k8sServiceHost: "h", k8sServiceHostRef: { name: "n", key: "k" } }],
    ["extraEnv", { extraEnv: [{ name: "KUBE_CLIENT_BACKOFF_BASE", value: "1" }] }],
    ["hubble.ui.enabled", { hubble: { ui: { enabled: true } } }],
    ["hubble.relay.enabled", { hubble: { enabled: false, relay: { enabled: true } } }],
    [
      "hubble.ui.standalone.tls.certsVolume",
      {
        hubble: {
          ui: { enabled: true, standalone: { enabled: true } },
          relay: { tls: { server: { enabled: true } } },
        },
      },
    ],
    [
      "hubble.ui.backend.image.tag",
      {
        hubble: {
          relay: { enabled: true },
          ui: { enabled: true, backend: { image: { tag: "v0.8.1" } } },
        },
      },
    ],
    [
      "hubble.redact.http.headers",
      { hubble: { redact: { http: { headers: { allow: ["a"], deny: ["b"] } } } } },
    ],
    ["hubble.tls.server.existingSecret", { hubble: { tls: { auto: { enabled: false } } } }],
    [
      "hubble.relay.tls.client.existingSecret",
      { hubble: { tls: byHand, relay: { enabled: true } } },
    ],
    [
      "hubble.relay.tls.server.existingSecret",
      { hubble: { tls: byHand, relay: relayWithTLS({}) } },
    ],
    [
      "hubble.ui.tls.client.existingSecret",
      {
        hubble: {
          tls: byHand,
          relay: relayWithTLS({ existingSecret: "r" }),
          ui: { enabled: true },
        },
      },
    ],
    [
      "hubble.metrics.tls.server.existingSecret",
      { hubble: { tls: byHand, metrics: { tls: { enabled: true } } } },
    ],
    [
      "hubble.tls.auto.certManagerIssuerRef",
      { hubble: { tls: { auto: { method: "certmanager" } } } },
    ],
    ["l7Proxy", { gatewayAPI: { enabled: true }, l7Proxy: false }],
    ["l7Proxy", { loadBalancer: { l7: { backend: "envoy" } }, l7Proxy: false }],
    [
      "gatewayAPI.externalTrafficPolicy",
      { gatewayAPI: { enabled: true, externalTrafficPolicy: "" } },
    ],
    [
      "gatewayAPI.externalTrafficPolicy",
      { gatewayAPI: { enabled: true, externalTrafficPolicy: null } },
    ],
    [
      "ingressController.service.externalTrafficPolicy",
      { ingressController: { enabled: true, service: { externalTrafficPolicy: "" } } },
    ],
    ["upgradeCompatibility", { upgradeCompatibility: "newest" }],
    ["envoy.baseID", { envoy: { baseID: -1 } }],
    ["bpf.tproxy", { bpf: { tproxy: true, datapathMode: "netkit" } }],
    ["dnsProxy.proxyPort", { standaloneDnsProxy: { enabled: true } }],
    ["cluster.name", { cluster: { name: "Upper" } }],
    ["cluster.name", { cluster: { name: "" } }],
    ["cluster.name", { cluster: { name: null } }],
    ["cluster.name", { cluster: { name: "a".repeat(33) } }],
    ["cluster.name", { cluster: { id: 3 } }],
    ["cluster.id", { cluster: { name: "a", id: 130 }, cni: { chainingMode: "aws-cni" } }],
    ["clustermesh.maxConnectedClusters", { clustermesh: { maxConnectedClusters: 300 } }],
    ["clustermesh.maxConnectedClusters", { clustermesh: { maxConnectedClusters: null } }],
    [
      "clustermesh.config.clusters",
      { clustermesh: { config: { enabled: true, clusters: [{ name: "b", port: 2379 }] } } },
    ],
    ["clustermesh.apiserver.tls.authMode", mesh({ tls: { authMode: "none" } })],
    [
      "clustermesh.apiserver.tls.auto.certManagerIssuerRef",
      mesh({ tls: { auto: { method: "certmanager" } } }),
    ],
    [
      "clustermesh.apiserver.tls.auto.enabled",
      mesh({ tls: { auto: { enabled: false }, server: { cert: "c", key: "k" } } }),
    ],
    [
      "clustermesh.apiserver.tls.auto.enabled",
      mesh({ tls: { auto: { enabled: false } } }),
      "1.19.6",
    ],
    ["disableEndpointCRD", mesh({}, { disableEndpointCRD: true })],
    [
      "clustermesh.apiserver.kvstoremesh.enabled",
      mesh({ kvstoremesh: { enabled: false } }, { identityAllocationMode: "kvstore" }),
    ],
    [
      "clustermesh.apiserver.kvstoremesh.kvstoreMode",
      { clustermesh: kvstoremesh({ kvstoreMode: "x" }) },
    ],
    [
      "clustermesh.apiserver.kvstoremesh.kvstoreMode",
      { clustermesh: kvstoremesh({ kvstoreMode: "external" }) },
    ],
    [
      "clustermesh.apiserver.kvstoremesh.kvstoreMode",
      mesh(
        { replicas: 2, kvstoremesh: { kvstoreMode: "external" } },
        { identityAllocationMode: "kvstore" },
      ),
    ],
    ["eni.enabled", { ipam: { mode: "eni" } }],
    ["routingMode", { gke: { enabled: true }, routingMode: "tunnel" }],
    [
      "routingMode",
      { aksbyocni: { enabled: true }, routingMode: "native", ipv4NativeRoutingCIDR: "10.0.0.0/8" },
    ],
    ["ipv4NativeRoutingCIDR", { routingMode: "native", enableIPv4Masquerade: true }],
    [
      "ipv4NativeRoutingCIDR",
      {
        routingMode: "native",
        enableIPv4Masquerade: true,
        ipam: { mode: "kubernetes" },
        nativeRoutingCIDRFromClusterPool: true,
      },
    ],
    ["ipv6NativeRoutingCIDR", { routingMode: "native", ipv6: { enabled: true } }],
    [
      "ipam.operator.clusterPoolIPv4PodCIDRList",
      {
        nativeRoutingCIDRFromClusterPool: true,
        ipam: { operator: { clusterPoolIPv4PodCIDRList: ["10.0.0.0/9", "10.128.0.0/9"] } },
      },
    ],
    ["authentication.enabled", { authentication: { mutual: { spire: { enabled: true } } } }],
    ["disableEndpointCRD", { ciliumEndpointSlice: { enabled: true }, disableEndpointCRD: true }],
    ["operator.removeNodeTaints", { operator: { setNodeTaints: true, removeNodeTaints: false } }],
    ["crdWaitTimeout", { crdWaitTimeout: "5 minutes" }],
    ["operator.endpointGCInterval", { operator: { endpointGCInterval: "1d" } }],
    ["conntrackGCInterval", { conntrackGCInterval: "10" }],
    ["extraConfig", { extraConfig: null }],
    ["hubble.tls.enabled", { hubble: { tls: { enabled: null } } }],
  ];
  for (const [path, values, version] of refused) {
    it(`refuses ${JSON.stringify(values)}${version ? ` in ${version}` : ""}`, () => {
      assert.deepEqual(refusals(values, version), [path]);
    });
  }

  const taken: [ChartValues, string?][] = [
    [{ k8sServiceHost: null, k8sServiceHostRef: { name: "n", key: "k" } }],
    [
      {
        k8sClientExponentialBackoff: { enabled: false },
        extraEnv: [{ name: "KUBE_CLIENT_BACKOFF_BASE", value: "1" }],
      },
    ],
    [
      {
        hubble: {
          relay: { enabled: true },
          ui: {
            enabled: true,
            backend: { image: { tag: "latest" } },
            frontend: { image: { tag: "v0.1.0" } },
          },
        },
      },
    ],
    [{ gatewayAPI: { externalTrafficPolicy: "" } }],
    [
      {
        ingressController: {
          enabled: true,
          service: { type: "ClusterIP", externalTrafficPolicy: "" },
        },
      },
    ],
    [{ l7Proxy: null, gatewayAPI: { enabled: true } }],
    [{ standaloneDnsProxy: { enabled: true }, dnsProxy: { proxyPort: 10094 } }],
    [mesh({})],
    [mesh({ tls: { auto: { enabled: false } } })],
    [mesh({ tls: { auto: { enabled: false }, enableSecrets: false } }), "1.19.6"],
    [
      {
        clustermesh: {
          config: {
            enabled: true,
            clusters: [{ name: "b", port: 2379, ips: ["10.0.0.1"] }, { enabled: false }],
          },
        },
      },
    ],
    [{ routingMode: "native" }],
    [
      {
        routingMode: "native",
        enableIPv4Masquerade: true,
        nativeRoutingCIDRFromClusterPool: true,
      },
    ],
    [
      {
        routingMode: "native",
        enableIPv4Masquerade: true,
        ipam: { mode: "eni" },
        eni: { enabled: true },
      },
    ],
    [{ gke: { enabled: true } }],
    [{ upgradeCompatibility: "1.18" }],
    [{ authentication: { mutual: { spire: { enabled: true } } } }, "1.18.12"],
    [{ crdWaitTimeout: "", conntrackGCInterval: "1.5h", identityChangeGracePeriod: "-5m" }],
  ];
  for (const [values, version] of taken) {
    it(`takes ${JSON.stringify(values)}${version ? ` in ${version}` : ""}`, () => {
      assert.deepEqual(refusals(values, version), []);
    });
  }
});
