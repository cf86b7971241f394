import assert from "node:assert/strict";

import { ciliumValues, podNetworksOf } from "../../../components/values";

const podSubnets = ["10.244.0.0/16", "fd00:10:244::/56"];
const pool = (list: unknown) => ({
  ipam: { mode: "cluster-pool", operator: { clusterPoolIPv4PodCIDRList: list } },
});
const pools = (...cidrs: string[]) => ({
  ipam: {
    mode: "multi-pool",
    operator: { autoCreateCiliumPodIPPools: { default: { ipv4: { cidrs, maskSize: 24 } } } },
  },
});

describe("podNetworksOf (what values say; pools that somebody makes later are not seen)", () => {
  for (const [name, values, expected] of [
    ["Kubernetes", { ipam: { mode: "kubernetes" } }, podSubnets],
    ["a pool of the cluster", pool(["10.42.0.0/16"]), ["10.42.0.0/16"]],
    ["a list as a text", pool("10.42.0.0/16 10.43.0.0/16"), ["10.42.0.0/16", "10.43.0.0/16"]],
    ["the chart's own pool", { ipam: { mode: "cluster-pool" } }, ["10.0.0.0/8"]],
    ["no pool of the chart's without IPv4", { ipv4: { enabled: false } }, []],
    ["several pools", pools("10.42.0.0/16"), ["10.42.0.0/16"]],
    ["pools that are made later", { ipam: { mode: "multi-pool" } }, []],
    ["a cloud", { ipam: { mode: "eni" } }, []],
    ["pools of no sense", { ipam: { mode: "multi-pool", operator: null } }, []],
  ] as const) {
    it(`takes them of ${name}`, () => {
      assert.deepEqual(podNetworksOf(values, podSubnets), expected);
    });
  }

  for (const [name, values, cidr] of [
    ["podSubnets", {}, "10.244.0.0/16"],
    ["a pool", pool(["10.42.0.0/16"]), "10.42.0.0/16"],
    ["several pools", pools("10.42.0.0/16"), "10.42.0.0/16"],
    ["no network where there are two", pool(["10.42.0.0/16", "10.43.0.0/16"]), undefined],
  ] as const) {
    it(`routes and encrypts by ${name}`, () => {
      const found = ciliumValues({
        version: "1.20.0",
        kubeProxyReplacement: true,
        operatorReplicas: 2,
        hubble: { enabled: false, relay: false, ui: false },
        features: {
          routing: { mode: "native" },
          encryption: { type: "wireguard", strictMode: { ingress: false } },
        },
        podSubnets,
        values,
      });
      assert.equal(found["ipv4NativeRoutingCIDR"], cidr);
      const { strictMode } = found["encryption"] as { strictMode: { egress: { cidr?: string } } };
      assert.equal(strictMode.egress.cidr, cidr);
    });
  }
});
