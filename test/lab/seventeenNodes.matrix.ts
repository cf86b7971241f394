import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import type { ClusterSpecInput } from "../../components";
import { requireBinaries, TestLab } from "../support/testLab";

const FILE = path.resolve(__dirname, "../../examples/goldentooth/Pulumi.goldentooth.yaml");
const stack = parse(readFileSync(FILE, "utf8")) as { config: Record<string, ClusterSpecInput> };
const goldentooth = stack.config["talos-cilium:cluster"]!;

describe("the example of seventeen nodes (on other addresses; no data path is proved)", function () {
  this.timeout(300_000);
  let lab: TestLab;

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start({
      controlPlanes: 3,
      workers: 14,
      spec: (spec) => ({
        ...goldentooth,
        clusterEndpoint: spec.clusterEndpoint,
        nodes: goldentooth.nodes.map((node, index) => ({
          ...node,
          ipAddress: spec.nodes[index]!.ipAddress,
        })),
      }),
    });
  });
  after(async () => lab?.stop());

  it("comes up with every node Ready, and a second run changes nothing", async () => {
    await lab.up();
    const nodes = await lab.kubectl(["get", "nodes", "--no-headers"]);
    assert.equal(
      nodes
        .trim()
        .split("\n")
        .filter((line) => / Ready /.test(line)).length,
      17,
    );
    const before = await lab.mutatingCalls();
    await lab.up(["--expect-no-changes"]);
    assert.deepEqual(await lab.mutatingCalls(), before);
  });
});
