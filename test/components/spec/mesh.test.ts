import assert from "node:assert/strict";

import { meshPeer, meshed, parseClusterSpec, withMeshPeers } from "../../../components/spec";
import { DATA_PATH } from "../../../components/spec/mesh";
import { minimalCluster } from "./minimalCluster";

function member(name: string, id: number, octet: number) {
  return minimalCluster({
    clusterName: name,
    clusterEndpoint: `https://10.${octet}.0.11:6443`,
    podSubnets: [`10.${240 + id}.0.0/16`],
    nodes: [
      {
        hostname: "cp-1",
        ipAddress: `10.${octet}.0.11`,
        machineType: "controlplane",
        installDisk: "/dev/sda",
      },
      {
        hostname: "worker-1",
        ipAddress: `10.${octet}.0.21`,
        machineType: "worker",
        installDisk: "/dev/sda",
      },
    ],
    cilium: { version: "1.20.0", clusterMesh: { name, id } },
  });
}

describe("meshed (what each cluster is told of the others, not that they reach one another)", () => {
  it("tells each cluster of all others, in a form that the rules take", () => {
    const specs = meshed([member("one", 1, 5), member("two", 2, 6), member("three", 3, 7)]);
    assert.deepEqual(
      specs.map(({ cilium }) => Object.keys(cilium.clusterMesh?.clusters ?? {})),
      [
        ["two", "three"],
        ["one", "three"],
        ["one", "two"],
      ],
    );
    for (const spec of specs) assert.deepEqual(parseClusterSpec(spec).problems, []);
  });

  it("is reached at the control planes", () => {
    assert.deepEqual(meshPeer(member("two", 2, 6)), {
      id: 2,
      ips: ["10.6.0.11"],
      port: 32379,
      podSubnets: ["10.242.0.0/16"],
      routingMode: "tunnel",
      tunnelProtocol: "vxlan",
      encryption: "none",
    });
  });

  const dataPaths: [string, object, object][] = [
    [
      "routing and encryption of the spec",
      { routing: { mode: "native" }, encryption: { type: "wireguard" } },
      { routingMode: "native", tunnelProtocol: undefined, encryption: "wireguard" },
    ],
    [
      "values over both",
      {
        routing: { mode: "native" },
        encryption: { type: "wireguard" },
        values: { routingMode: "tunnel", tunnelProtocol: "geneve", encryption: { type: "ipsec" } },
      },
      { routingMode: "tunnel", tunnelProtocol: "geneve", encryption: "ipsec" },
    ],
    [
      "the chart's own type where values alone encrypt",
      { values: { encryption: { enabled: true } } },
      { routingMode: "tunnel", tunnelProtocol: "vxlan", encryption: "ipsec" },
    ],
    [
      "encryption that values switch off",
      { encryption: { type: "wireguard" }, values: { encryption: { enabled: false } } },
      { routingMode: "tunnel", tunnelProtocol: "vxlan", encryption: "none" },
    ],
    [
      "no word that is none",
      { values: { routingMode: "direct" } },
      { routingMode: undefined, tunnelProtocol: undefined, encryption: "none" },
    ],
  ];
  for (const [name, cilium, expected] of dataPaths) {
    it(`tells of a data path: ${name}`, () => {
      const two = member("two", 2, 6);
      const told = meshPeer({ ...two, cilium: { ...two.cilium, ...cilium } });
      assert.deepEqual(Object.fromEntries(DATA_PATH.map((key) => [key, told[key]])), expected);
    });
  }

  it("has each cluster refuse another data path than its own", () => {
    const two = member("two", 2, 6);
    const wired = { ...two.cilium, encryption: { type: "wireguard" as const } };
    const found = meshed([member("one", 1, 5), { ...two, cilium: wired }]).map((spec) =>
      parseClusterSpec(spec).problems.map(({ id, propertyPath }) => [id, propertyPath]),
    );
    assert.deepEqual(found, [
      [["mesh-data-path", "cilium.clusterMesh.clusters.two.encryption"]],
      [["mesh-data-path", "cilium.clusterMesh.clusters.one.encryption"]],
    ]);
  });

  it("tells a cluster of those of other stacks, under what it says of them itself", () => {
    const peers = { two: meshPeer(member("two", 2, 6)), three: meshPeer(member("three", 3, 7)) };
    const one = member("one", 1, 5);
    one.cilium.clusterMesh!.clusters = { two: { ...peers.two, port: 2379 } };
    const told = withMeshPeers(one, peers);
    assert.deepEqual(told.cilium.clusterMesh!.clusters, {
      two: { ...peers.two, port: 2379 },
      three: peers.three,
    });
    assert.deepEqual(parseClusterSpec(told).problems, []);
  });

  it("keeps what a cluster says of another itself, and fills in its data path", () => {
    const one = member("one", 1, 5);
    const two = { id: 2, address: "mesh.example.org", port: 2379, podSubnets: ["10.242.0.0/16"] };
    one.cilium.clusterMesh!.clusters = { two };
    const [told] = meshed([one, member("two", 2, 6)]);
    const dataPath = { routingMode: "tunnel", tunnelProtocol: "vxlan", encryption: "none" };
    assert.deepEqual(told!.cilium.clusterMesh!.clusters, { two: { ...dataPath, ...two } });
  });

  it("leaves it to the rules of each that ids are unique and networks share nothing", () => {
    const specs = meshed([member("one", 1, 5), { ...member("two", 1, 6) }]);
    const ids = specs.flatMap((spec) => parseClusterSpec(spec).problems.map(({ id }) => id));
    assert.deepEqual([...new Set(ids)].sort(), ["mesh-id-twice", "mesh-subnets"]);
  });

  it("refuses a cluster without a name in the mesh, and two of one name", () => {
    assert.throws(() => meshed([minimalCluster()]), /demo has no cilium\.clusterMesh/);
    assert.throws(() => meshed([member("one", 1, 5), member("one", 2, 6)]), /named one/);
  });
});
