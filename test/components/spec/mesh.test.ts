import assert from "node:assert/strict";

import { meshPeer, meshed, parseClusterSpec } from "../../../components/spec";
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
    });
  });

  it("keeps what a cluster says of another itself", () => {
    const one = member("one", 1, 5);
    const two = { id: 2, address: "mesh.example.org", port: 2379, podSubnets: ["10.242.0.0/16"] };
    one.cilium.clusterMesh!.clusters = { two };
    const [told] = meshed([one, member("two", 2, 6)]);
    assert.deepEqual(told!.cilium.clusterMesh!.clusters, { two });
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
