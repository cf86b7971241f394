import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { stringify } from "yaml";

import { type ReleaseSurroundings, releaseValues } from "../../../components/cilium/releaseValues";
import { type CiliumSpecInput, parseCiliumSpec } from "../../../components/spec";
import type { ChartValues } from "../../../components/values";
import { isMap } from "../../../components/values/chartValues";
import { assertGolden } from "../../support/golden";
import { requireSharedData, sharedData } from "../../support/sharedData";

type Features = Omit<CiliumSpecInput, "version">;

interface Feature {
  readonly cilium: Features;
  /** What differs from a cluster with one pod network and two nodes. */
  readonly cluster?: ReleaseSurroundings;
  /** Case of the recorded renders whose values this has to contain. */
  readonly recorded?: string;
  /** Minors that have it. @default all */
  readonly versions?: readonly string[];
}

const VERSIONS = ["1.18.12", "1.19.6", "1.20.0"];

const SURROUNDINGS: ReleaseSurroundings = {
  k8sServiceHost: "localhost",
  k8sServicePort: 7445,
  nodes: ["cp-1", "worker-1"],
  podSubnets: ["10.244.0.0/16"],
  talosVersion: "v1.13.0",
};

const features: Readonly<Record<string, Feature>> = {
  wireguard: { cilium: { encryption: { type: "wireguard" } }, recorded: "wireguard" },
  "wireguard-strict": {
    cilium: {
      encryption: { type: "wireguard", strictMode: {}, persistentKeepalive: "25s" },
    },
  },
  "wireguard-strict-ingress": {
    cilium: { encryption: { type: "wireguard", strictMode: { ingress: true } } },
    versions: ["1.19.6", "1.20.0"],
  },
  ipsec: { cilium: { encryption: { type: "ipsec" } }, recorded: "ipsec" },
  "native-routing": { cilium: { routing: { mode: "native" } }, recorded: "native-routing" },
  "native-routing-dual-stack": {
    cilium: { routing: { mode: "native" }, values: { ipv6: { enabled: true } } },
    cluster: {
      k8sServiceHost: "127.0.0.1",
      podSubnets: ["10.244.0.0/16", "fd00:10:244::/56"],
    },
  },
  geneve: { cilium: { routing: { mode: "tunnel", tunnelProtocol: "geneve", mtu: 1420 } } },
  "host-routing-legacy": {
    cilium: { datapath: { hostRouting: "legacy", masquerade: "bpf" } },
    recorded: "legacy-host-routing",
  },
  "bandwidth-manager-bbr": {
    cilium: { datapath: { hostRouting: "ebpf" }, bandwidthManager: { bbr: true } },
    recorded: "bbr",
  },
  "bandwidth-manager-bbr-host": {
    cilium: { bandwidthManager: { bbrHostNamespaceOnly: true } },
  },
  netkit: {
    cilium: { datapath: { mode: "netkit", hostRouting: "ebpf" }, routing: { mode: "native" } },
    recorded: "netkit",
  },
  "big-tcp": {
    cilium: {
      datapath: { hostRouting: "ebpf", bigTCP: { ipv4: true } },
      routing: { mode: "native" },
    },
  },
  "dsr-maglev": {
    cilium: {
      routing: { mode: "native" },
      loadBalancer: { mode: "dsr", algorithm: "maglev" },
    },
    recorded: "dsr-maglev",
  },
  "dsr-geneve": {
    cilium: {
      routing: { tunnelProtocol: "geneve" },
      loadBalancer: {
        mode: "hybrid",
        dsrDispatch: "geneve",
        acceleration: "best-effort",
        algorithm: "maglev",
        maglevTableSize: 65521,
      },
    },
  },
  "kubespan-mtu": { cilium: {}, cluster: { kubeSpan: { mtu: 1420 } } },
  monitoring: { cilium: { monitoring: {} } },
  "monitoring-all": {
    cilium: {
      hubble: { relay: true, metrics: ["drop"] },
      monitoring: { serviceMonitors: true, dashboards: true },
    },
  },
  "policy-audit-mode": { cilium: { policyAuditMode: true } },
  "host-firewall-audit": { cilium: { hostFirewall: {} }, recorded: "host-firewall" },
  "host-firewall-enforced": { cilium: { hostFirewall: { enforce: true } } },
  "egress-gateway": {
    cilium: {
      datapath: { masquerade: "bpf", hostRouting: "legacy" },
      egressGateway: { policies: {} },
    },
    recorded: "egress-gateway",
  },
  "local-redirect": {
    cilium: { localRedirectPolicies: { addressMatcherCIDRs: ["169.254.0.0/16"], policies: {} } },
  },
  "cluster-mesh": {
    cilium: {
      clusterMesh: {
        name: "one",
        id: 1,
        service: { type: "LoadBalancer", annotations: { "lbipam.cilium.io/ips": "10.5.0.130" } },
        clusters: {
          two: { id: 2, ips: ["10.6.0.11"], podSubnets: ["10.245.0.0/16"] },
          three: {
            id: 3,
            address: "mesh.example.org",
            port: 2379,
            podSubnets: ["10.246.0.0/16"],
          },
        },
      },
    },
    recorded: "clustermesh",
  },
  "ipsec-own-secret": {
    cilium: {
      encryption: { type: "ipsec", ipsec: { existingSecret: "keys", keyRotationDuration: "10m" } },
    },
  },
};

function valuesOf({ cilium, cluster }: Feature, version: string) {
  const { spec, problems } = parseCiliumSpec({ version, ...cilium });
  assert.deepEqual(problems, []);
  return releaseValues(spec!, { ...SURROUNDINGS, ...cluster });
}

describe("features of the data path (their values; what packets do needs machines)", () => {
  for (const [name, feature] of Object.entries(features)) {
    const versions = feature.versions ?? VERSIONS;
    it(`has the golden values: ${name}`, () => {
      const none = valuesOf({ cilium: {} }, "1.20.0").values;
      const { values } = valuesOf(feature, "1.20.0");
      assertGolden(
        `values/features/${name}.yaml`,
        stringify(difference(values, none), { sortMapEntries: true, aliasDuplicateObjects: false }),
      );
    });

    it(`is what charts ${versions.join(", ")} know, and nothing warns: ${name}`, () => {
      for (const version of versions) {
        const { problems, warnings } = valuesOf(feature, version);
        assert.deepEqual([...problems, ...warnings], [], version);
      }
    });
  }

  it("is the same at each render with all that goes together, and nothing is said of it", () => {
    const all: Feature = {
      cilium: {
        encryption: { type: "wireguard", strictMode: {} },
        routing: { mode: "native" },
        datapath: { mode: "netkit", hostRouting: "ebpf", bigTCP: { ipv4: true } },
        bandwidthManager: { bbr: true },
        loadBalancer: { mode: "dsr", algorithm: "maglev", acceleration: "best-effort" },
        monitoring: { serviceMonitors: true, dashboards: true },
        servingCertApprover: {},
        networkPolicies: { baseline: {} },
        hostFirewall: { enforce: true },
        egressGateway: { policies: {} },
        localRedirectPolicies: { policies: {} },
        cidrGroups: { office: ["203.0.113.0/24"] },
      },
    };
    for (const version of ["1.19.6", "1.20.0"]) {
      const renders = [valuesOf(all, version), valuesOf(all, version)];
      assert.equal(JSON.stringify(renders[0]), JSON.stringify(renders[1]));
      assert.deepEqual([renders[0]?.problems, renders[0]?.warnings], [[], []], version);
    }
  });

  it("changes nothing where no feature is asked for", () => {
    const { values } = valuesOf({ cilium: {} }, "1.20.0");
    const empty = ["debug", "k8s", "nodePort", "policyCIDRMatchMode"];
    assert.deepEqual(
      Object.keys(values)
        .filter((key) => !empty.includes(key))
        .sort(),
      [
        ...["cgroup", "envoy", "hubble", "ipam", "k8sServiceHost", "k8sServicePort"],
        "kubeProxyReplacement",
        "operator",
        "rollOutCiliumPods",
        "securityContext",
      ],
    );
  });

  describe("compared with the recorded value sets", () => {
    before(requireSharedData);
    for (const [name, feature] of Object.entries(features)) {
      if (!feature.recorded) continue;
      it(`says all that the recorded ${feature.recorded} says: ${name}`, () => {
        for (const version of feature.versions ?? VERSIONS) {
          const { [feature.recorded!]: recorded } = JSON.parse(
            readFileSync(sharedData("cilium", version, "rendered.json"), "utf8"),
          ) as Record<string, { values: ChartValues }>;
          const { values } = valuesOf(feature, version);
          // Hubble is off in the recorded sets, and has a file of its own.
          assertContains({ ...values, hubble: { enabled: false } }, recorded?.values, name);
        }
      });
    }
  });
});

/** What the first tree has that the second has not. */
function difference(values: ChartValues, base: ChartValues): ChartValues {
  const entries = Object.entries(values).flatMap(([key, value]): [string, unknown][] => {
    const below = base[key];
    if (JSON.stringify(value) === JSON.stringify(below)) return [];
    return [[key, isMap(value) && isMap(below) ? difference(value, below) : value]];
  });
  return Object.fromEntries(entries);
}

function assertContains(values: unknown, part: unknown, path: string): void {
  if (isMap(part)) {
    for (const [key, inner] of Object.entries(part)) {
      assertContains(isMap(values) ? values[key] : undefined, inner, `${path}.${key}`);
    }
  } else {
    assert.deepEqual(values, part, path);
  }
}
