import assert from "node:assert/strict";
import fc from "fast-check";

import { parseClusterSpec } from "../../../components/spec";
import { overlap, parseCidr } from "../../../components/spec/cidr";
import { minimalCluster } from "./minimalCluster";

/** Networks of 10.0.0.0/8 that are large enough for two nodes. */
const network = fc
  .tuple(fc.nat(255), fc.nat(255), fc.integer({ min: 9, max: 23 }))
  .map(([second, third, prefix]) => parseCidr(`10.${second}.${third}.0/${prefix}`)!.text);

describe("networks of a cluster (the rules, not that packets flow)", () => {
  it("are refused exactly when two of pods, services and machines have an address in common", () => {
    fc.assert(
      fc.property(network, network, fc.nat(255), fc.nat(255), (pods, services, third, last) => {
        const ipAddress = `10.${third}.${last}.9`;
        const raw = minimalCluster({
          podSubnets: [pods],
          serviceSubnets: [services],
          clusterEndpoint: "https://api.example.org:6443",
          nodes: [
            { hostname: "cp-1", ipAddress, machineType: "controlplane", installDisk: "/dev/sda" },
          ],
        });
        const { problems } = parseClusterSpec(raw);
        const address = parseCidr(`${ipAddress}/32`)!;
        const [p, s] = [parseCidr(pods)!, parseCidr(services)!];
        assert.deepEqual(
          new Set(problems.map(({ id }) => id)),
          new Set([
            ...(overlap(p, s) ? ["overlapping-subnets"] : []),
            ...(overlap(p, address) || overlap(s, address) ? ["node-in-cluster-network"] : []),
          ]),
        );
      }),
      { numRuns: 200 },
    );
  });

  it("are named by the paths of both owners", () => {
    const { problems } = parseClusterSpec(
      minimalCluster({ podSubnets: ["10.200.0.0/16"], serviceSubnets: ["10.200.128.0/20"] }),
    );
    assert.deepEqual(
      problems.map(({ propertyPath, reason }) => [propertyPath, reason]),
      [["serviceSubnets[0]", "it shares addresses with podSubnets[0] (10.200.0.0/16)"]],
    );
  });
});
