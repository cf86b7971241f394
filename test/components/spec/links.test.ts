import assert from "node:assert/strict";

import type { ClusterSpecInput, NodeSpecInput } from "../../../components/spec";
import { parseClusterSpec } from "../../../components/spec";
import { minimalCluster } from "./minimalCluster";

type Interface = NonNullable<NodeSpecInput["networkInterfaces"]>[number];

/** What is said of the interfaces of a first and a second machine: ids and paths below the machines. */
function said(first: readonly Interface[], second: readonly Interface[] = []): string[] {
  const cluster = minimalCluster() as ClusterSpecInput & { nodes: NodeSpecInput[] };
  cluster.nodes[0]!.networkInterfaces = [...first];
  cluster.nodes[1]!.networkInterfaces = [...second];
  const { problems, warnings } = parseClusterSpec(cluster);
  return [...problems, ...warnings].map(
    ({ id, propertyPath }) => `${id} ${propertyPath.replace("networkInterfaces", "")}`,
  );
}

const eth0 = (keys: Omit<Interface, "interface"> = {}): Interface => ({
  interface: "eth0",
  ...keys,
});
const at = (...addresses: string[]) => eth0({ addresses });

describe("network interfaces (what is said of them, not that a machine takes them)", () => {
  for (const [name, found, expected] of [
    ["a name", [eth0()], []],
    ["an empty name", [{ interface: "" }], ["link-selector nodes[0].[0]"]],
    ["an empty name beside a selector", [{ interface: "", deviceSelector: { driver: "x" } }], []],
    [
      "a selector of empty texts",
      [{ deviceSelector: { driver: "" } }],
      ["link-selector nodes[0].[0]"],
    ],
    ["a selector that says no", [{ deviceSelector: { physical: false } }], []],
    ["a blank in a name", [{ interface: " eth0" }], ["link-selector nodes[0].[0].interface"]],
    ["an address with wildcards", [{ deviceSelector: { hardwareAddr: "00:1a:*" } }], []],
    [
      "capitals",
      [{ deviceSelector: { hardwareAddr: "00:1A:2B:3C:4D:5E" } }],
      ["link-hardware-address nodes[0].[0].deviceSelector.hardwareAddr"],
    ],
    [
      "dashes",
      [{ deviceSelector: { permanentAddr: "00-1a-2b-3c-4d-5e" } }],
      ["link-hardware-address nodes[0].[0].deviceSelector.permanentAddr"],
    ],
  ] as [string, Interface[], string[]][]) {
    it(`asks which link is meant: ${name}`, () => assert.deepEqual(said(found), expected));
  }

  for (const [address, expected] of [
    ["10.5.0.11/24", undefined],
    ["10.5.0.11", undefined],
    ["fd00::11/64", undefined],
    ["10.5.0.10/31", undefined],
    ["10.5.0.11/32", undefined],
    ["fd00::10/127", undefined],
    ["10.5.1.0/23", undefined],
    ["127.0.0.2/8", undefined],
    ["10.5.0.11/33", "link-address"],
    ["10.5.0.11/024", "link-address"],
    [" 10.5.0.11/24", "link-address"],
    ["fe80::1%eth0/64", "link-address"],
    ["0.0.0.0", "link-address"],
    ["224.0.0.5/24", "link-address"],
    ["ff02::1/64", "link-address"],
    ["10.5.0.255/24", "link-address"],
    ["10.5.0.3/30", "link-address"],
    ["10.5.0.0/24", "link-address-network"],
    ["fd00::/64", "link-address-network"],
  ] as const) {
    it(`finds ${expected ?? "nothing"} in ${address}`, () => {
      assert.deepEqual(
        said([at(address)]),
        expected ? [`${expected} nodes[0].[0].addresses[0]`] : [],
      );
    });
  }

  for (const [name, first, second, expected] of [
    ["two machines", [at("10.6.0.11/24")], [at("10.6.0.11/24")], "nodes[1].[0].addresses[0]"],
    [
      "two machines, of other lengths",
      [at("fd00::1/64")],
      [at("fd00:0::1/60")],
      "nodes[1].[0].addresses[0]",
    ],
    ["the address of another machine", [at("10.5.0.21/32")], [], "nodes[0].[0].addresses[0]"],
    ["its own address", [at("10.5.0.11/24")], [at("10.5.0.21/24")], undefined],
    [
      "its own address twice",
      [at("10.5.0.11/24", "10.5.0.11/24")],
      [],
      "nodes[0].[0].addresses[1]",
    ],
    [
      "one address on two links",
      [at("10.6.0.1/24"), { interface: "eth1", addresses: ["10.6.0.1/24"] }],
      [],
      "nodes[0].[1].addresses[0]",
    ],
    [
      "a link and a VLAN",
      [eth0({ addresses: ["10.6.0.1/24"], vlans: [{ vlanId: 5, addresses: ["10.6.0.1/24"] }] })],
      [],
      "nodes[0].[0].vlans[0].addresses[0]",
    ],
    [
      "unnumbered links",
      [at("10.6.0.1/32"), { interface: "eth1", addresses: ["10.6.0.1/32"] }],
      [],
      undefined,
    ],
    ["an address that moves or is anywhere", [at("10.6.0.1/32")], [at("10.6.0.1")], undefined],
    [
      "loopback",
      [{ interface: "lo", addresses: ["10.6.0.1/24"] }],
      [{ interface: "lo", addresses: ["10.6.0.1/24"] }],
      undefined,
    ],
    [
      "addresses of the link alone",
      [at("fe80::1/64", "169.254.1.1/24")],
      [at("fe80::1/64", "169.254.1.1/24")],
      undefined,
    ],
  ] as [string, Interface[], Interface[], string | undefined][]) {
    it(`looks for an address on several links: ${name}`, () => {
      assert.deepEqual(said(first, second), expected ? [`duplicate-link-address ${expected}`] : []);
    });
  }

  it("looks for a VLAN that stands twice on one link", () => {
    const twice = eth0({ vlans: [{ vlanId: 5 }, { vlanId: 6 }, { vlanId: 5 }] });
    const once = { interface: "eth1", vlans: [{ vlanId: 5 }] };
    assert.deepEqual(said([twice, once]), ["duplicate-vlan nodes[0].[0].vlans[2].vlanId"]);
  });

  for (const [name, found, expected] of [
    ["through a router", eth0({ routes: [{ gateway: "10.5.0.1" }] }), undefined],
    ["nothing", eth0({ routes: [{ metric: 5 }] }), "link-route nodes[0].[0].routes[0]"],
    [
      "nothing but empty texts",
      eth0({ routes: [{ network: "", gateway: "" }] }),
      "link-route nodes[0].[0].routes[0]",
    ],
    ["all on a VLAN", eth0({ vlans: [{ vlanId: 5, routes: [{ metric: 5 }] }] }), undefined],
    [
      "no network",
      eth0({ routes: [{ network: "default" }] }),
      "link-route nodes[0].[0].routes[0].network",
    ],
    [
      "another family",
      eth0({ routes: [{ network: "::/0", gateway: "10.5.0.1" }] }),
      "link-route nodes[0].[0].routes[0].gateway",
    ],
    [
      "a router elsewhere",
      eth0({ addresses: ["10.5.0.11/24"], routes: [{ gateway: "10.6.0.1" }] }),
      "link-gateway nodes[0].[0].routes[0].gateway",
    ],
    [
      "a router elsewhere that a route leads to",
      eth0({
        addresses: ["10.5.0.11/24"],
        routes: [{ network: "10.6.0.1/32" }, { gateway: "10.6.0.1" }],
      }),
      undefined,
    ],
    [
      "a router of a link's own",
      eth0({ addresses: ["fd00::11/64"], routes: [{ gateway: "fe80::1" }] }),
      undefined,
    ],
    [
      "a router that DHCP may know",
      eth0({ dhcp: true, addresses: ["10.5.0.11/24"], routes: [{ gateway: "10.6.0.1" }] }),
      undefined,
    ],
    [
      "a router of a family without addresses",
      eth0({ addresses: ["10.5.0.11/24"], routes: [{ gateway: "fd00::1" }] }),
      undefined,
    ],
    [
      "a router of a VLAN elsewhere",
      eth0({
        vlans: [
          {
            vlanId: 5,
            addresses: ["10.7.0.11/24"],
            routes: [{ network: "10.8.0.0/16", gateway: "10.9.0.1" }],
          },
        ],
      }),
      "link-gateway nodes[0].[0].vlans[0].routes[0].gateway",
    ],
  ] as [string, Interface, string | undefined][]) {
    it(`looks where a route leads: ${name}`, () => {
      assert.deepEqual(said([found]), expected ? [expected] : []);
    });
  }

  for (const [name, found, sound] of [
    [
      "vlanId",
      (vlanId) => eth0({ vlans: [{ vlanId }] }),
      { 0: false, 1: true, 4094: true, 4095: false },
    ],
    ["mtu", (mtu) => eth0({ mtu }), { 67: false, 68: true, 9000: true, 65536: true, 65537: false }],
    ["mtu of a VLAN", (mtu) => eth0({ vlans: [{ vlanId: 5, mtu }] }), { "-1": false, 1500: true }],
    [
      "metric",
      (metric) => eth0({ routes: [{ gateway: "10.5.0.1", metric }] }),
      { "-1": false, 0: true, 4294967295: true, 4294967296: false },
    ],
  ] as [string, (value: number) => Interface, Record<string, boolean>][]) {
    it(`bounds ${name}`, () => {
      for (const [value, isSound] of Object.entries(sound)) {
        const ids = said([found(Number(value))]).map((text) => text.split(" ")[0]);
        assert.deepEqual(ids, isSound ? [] : ["out-of-range"], value);
      }
    });
  }

  it("says the rest beside a number that is out of range", () => {
    assert.deepEqual(
      said([eth0({ addresses: ["10.5.0.11/33"], vlans: [{ vlanId: 0 }, { vlanId: 1 }] })]),
      ["out-of-range nodes[0].[0].vlans[0].vlanId", "link-address nodes[0].[0].addresses[0]"],
    );
  });
});
